"""Heads of tables to the fields they name: what screening programs, data bases and spreadsheets write above their columns.

In small letters, without accents and signs, as `kb.literature.table` compares them.
"""

HEADS: dict[str, tuple[str, ...]] = {
    "title": (
        "title", "article title", "document title", "primary title",
        "ti", "paper title", "study title", "reference title",
    ),
    "authors": (
        "authors", "author", "author s", "author names", "authorships author display name", "au", "authors names",
        "creators",
    ),
    "full names": (
        "author full names", "authors full names", "af",
    ),
    "year": (
        "year", "publication year", "published year", "pub year", "py", "year published", "date published",
        "publication date", "published", "date", "pubyear", "year of publication", "publicationyear",
    ),
    "journal": (
        "journal", "journal book", "source title", "publication title", "publication", "secondary title", "so",
        "journal title", "source", "journal name", "container title", "source title anthology title",
        "primary location source display name", "journaltitle", "journal source",
    ),
    "publisher": (
        "publisher",
    ),
    "volume": (
        "volume", "vl", "vol", "journalvolume", "journal volume", "volume number", "volume no", "biblio volume",
    ),
    "issue": (
        "issue", "is", "number", "issue number", "issue no", "biblio issue",
    ),
    "pages": (
        "pages", "page", "page range", "pagination", "pageinfo", "page info",
    ),
    "first page": (
        "page start", "start page", "first page", "bp", "beginning page", "biblio first page",
    ),
    "last page": (
        "page end", "end page", "last page", "ep", "ending page", "biblio last page",
    ),
    "article number": (
        "art no", "article number", "ar", "elocation id",
    ),
    "doi": (
        "doi", "di", "doi link", "digital object identifier",
    ),
    "pmid": (
        "pmid", "pubmed id", "pm", "pubmedid", "medline id", "medline pmid",
    ),
    "pmcid": (
        "pmcid", "pmc id", "pmc", "pubmed central id",
    ),
    "accession": (
        "accession number", "accession", "an", "ut",
    ),
    "number in the source": (
        "ext id",
    ),
    "url": (
        "url", "link", "urls", "web address", "article url",
    ),
    "notes": (
        "notes", "note", "extra",
    ),
    "abstract": (
        "abstract", "ab", "abstract note", "abstract text",
    ),
    "keywords": (
        "keywords", "author keywords", "de", "manual tags", "mesh terms",
    ),
    "kind": (
        "document type", "publication type", "type of work", "dt",
        "item type", "pubtype", "pub type", "publication types",
        "type",
    ),
    "database": (
        "database", "source database", "db",
    ),
}  # fmt: skip
"""Field to the heads that name it in English, and to the tags of data bases."""

OTHERS: dict[str, tuple[str, ...]] = {
    "title": (
        "titel", "titre", "titulo", "titolo", "tytul", "nazev", "cim", "baslik", "tittel", "otsikko", "заглавие",
        "название", "название статьи", "заголовок", "标题", "题名", "篇名",
        "題名", "タイトル", "論文名", "論文タイトル", "제목", "논문명", "τιτλος",
        "назва", "العنوان", "titel des artikels", "titre de l article", "titulo do artigo", "titulo del articulo",
        "titolo dell articolo", "tytul artykulu",
    ),
    "authors": (
        "autoren", "autor", "autores", "auteurs", "auteur", "autori", "autore", "verfasser", "verfasserin",
        "verfasser innen", "autorzy", "autor es", "autor a", "auteur s", "szerzo", "szerzok", "yazar", "yazarlar",
        "forfatter", "forfattere", "forfattare", "tekijat", "авторы",
        "автор", "автори", "作者", "著者", "著者名", "저자",
        "συγγραφεις", "المؤلفون", "autor en", "autor in", "autorinnen", "nombre de autores", "nombre de los autores",
        "nomes dos autores",
    ),
    "year": (
        "jahr", "annee", "ano", "anno", "erscheinungsjahr", "publikationsjahr", "annee de publication",
        "ano de publicacion", "ano de publicacao", "anno di pubblicazione", "rok", "rok wydania", "ev", "yil",
        "yayin yili", "aar", "aarstal", "vuosi", "год", "год публикации",
        "год издания", "年份", "年", "出版年", "jaar", "рік",
        "rok publikacji", "السنة", "发表年份", "発行年", "출판년도", "연도", "ετος",
    ),
    "journal": (
        "zeitschrift", "revue", "revista", "rivista", "zeitschriftentitel", "periodico", "periodique", "czasopismo",
        "casopis", "folyoirat", "dergi", "tidsskrift", "tidskrift",
        "tijdschrift", "lehti", "журнал", "источник", "期刊",
        "刊名", "雑誌名", "雑誌", "掲載誌", "学术期刊", "저널",
        "학술지", "학술지명", "περιοδικο", "часопис", "المجلة", "掲載誌名",
        "titre de la revue", "nome da revista", "nombre de la revista", "nazwa czasopisma", "zeitschrift buch",
        "titolo della rivista", "nome do periodico",
    ),
    "volume": (
        "band", "jahrgang", "volumen", "tom", "tomo", "cilt", "том",
        "卷", "巻", "권", "volym", "bind", "rocnik", "evfolyam",
        "vuosikerta", "τομος", "المجلد", "jaargang",
    ),
    "issue": (
        "heft", "ausgabe", "numero", "fascicule", "fascicolo", "nummer",
        "sayi", "zeszyt", "номер", "выпуск", "期", "号",
        "호", "nr", "numer", "cislo", "szam", "τευχος", "العدد",
    ),
    "pages": (
        "seiten", "seite", "paginas", "pagine", "strony", "stranky", "sivut", "sider", "sidor", "sayfa", "sayfalar",
        "pagina s", "oldalak", "σελιδες", "сторінки", "الصفحات",
        "страницы", "页码", "ページ", "페이지", "strany", "pagina",
    ),
}  # fmt: skip
"""The same in other languages; `å` is written `aa`, so that the Swedish word for year is not the tag `AR`."""
