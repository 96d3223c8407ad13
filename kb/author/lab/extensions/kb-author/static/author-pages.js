// Author notebooks as pages: the form runs by itself, without code or cells to run; when its kernel stops, the page says so.
// JupyterLab loads this file as it stands (a container of module federation with one plugin); nothing is built.
(() => {
  const FOLD = '.jupyter-widget-Collapse-header';
  const FOLDER = 'notebooks/author/';
  const STYLE = `
    .kb-author-page .jp-Cell-inputCollapser, .kb-author-page .jp-Cell-outputCollapser, .kb-author-page .jp-InputPrompt,
    .kb-author-page .jp-OutputPrompt, .kb-author-page .jp-CodeCell .jp-Cell-inputWrapper, .kb-author-page .jp-Notebook-footer,
    .kb-author-page .jp-cell-toolbar, .kb-author-page .jp-OutputArea-promptOverlay, .kb-author-page .jp-NotebookPanel-toolbar { display: none !important; }
    .kb-author-page .jp-Notebook { padding: 0 8px !important; overflow: auto; }
    .kb-author-page .jp-Notebook .jp-Cell { padding: 2px 4px; }
    .kb-author-page .jp-Notebook-cell::after { display: none; }
    .kb-author-page .jp-NotebookPanel-notebook { top: 0 !important; }
    .kb-author-page .jp-MarkdownCell h1 { margin: 6px 0 2px; }
    .kb-author-said { position: relative; z-index: 11; padding: 8px 14px; border-left: 4px solid var(--jp-info-color0, #0277bd); margin: 4px 12px;
      background: var(--jp-layout-color2, #eee); color: var(--jp-ui-font-color1, #222); font-size: 14px; }
    .kb-author-page.kb-author-says .jp-Notebook { padding-top: 46px !important; }
    .kb-author-said:empty { display: none; }
    .kb-author-said button { margin-left: 8px; }`;

  class Page {
    constructor(panel, NotebookActions) {
      this.panel = panel;
      this.actions = NotebookActions;
      this.said = document.createElement('div');
      this.said.className = 'kb-author-said';
      this.said.setAttribute('role', 'status');
      panel.addClass('kb-author-page');
      // Letters, arrows and Enter belong to the form: JupyterLab would delete, turn or edit the cell with them. It asks the element in focus
      // first, so each one says so (a list of choices is nothing to type in for it, and "r" there would make the form raw text).
      panel.node.addEventListener('focusin', (event) => event.target.setAttribute('data-lm-suppress-shortcuts', 'true'));
      panel.node.addEventListener('keydown', (event) => this.key(event), true); // a text field keeps its keys to itself
      new MutationObserver(() => this.folds()).observe(panel.content.node, { childList: true, subtree: true });
      panel.content.node.before(this.said);
      this.say('Opening the form …');
      panel.node.addEventListener('click', (event) => this.opens(event.target.closest('a[data-commandlinker-command="docmanager:open"]')));
      new IntersectionObserver(([seen]) => (seen.isIntersecting ? this.shown() : this.hidden())).observe(panel.node);
      document.addEventListener('visibilitychange', () => { if (!document.hidden && panel.isVisible) this.shown(); });
      panel.sessionContext.statusChanged.connect((_, status) => this.status(status));
      Promise.all([panel.context.ready, panel.revealed, panel.sessionContext.ready]).then(() => this.run());
    }

    say(text, caption, action) {
      this.said.textContent = text;
      this.panel.node.classList.toggle('kb-author-says', Boolean(text)); // the page makes room for it
      if (!caption) return;
      const button = document.createElement('button');
      button.textContent = caption;
      button.addEventListener('click', action);
      this.said.append(button);
    }

    // Another page takes seconds to open, and its tab may come late.
    opens(link) {
      if (!link || this.said.textContent) return;
      this.opening = true;
      this.say(`Opening “${link.textContent}” …`);
    }

    hidden() {
      if (this.opening) this.say('');
      this.opening = false;
    }

    // Back in sight: what was saved meanwhile in another page is to show in the lists of this one.
    shown() {
      this.panel.node.querySelector('.kb-look-again')?.click();
    }

    // The heads of folded parts are made for the mouse alone; Tab, Enter and the space bar reach and open them too.
    folds() {
      for (const head of this.panel.content.node.querySelectorAll(`${FOLD}:not([tabindex])`)) {
        head.tabIndex = 0;
        head.setAttribute('role', 'button');
      }
    }

    // Ctrl+S saves the form, F6 goes to the reader's page beside it.
    key(event) {
      if (event.target.matches(FOLD) && (event.key === 'Enter' || event.key === ' ')) {
        event.preventDefault();
        event.target.click();
        return;
      }
      const save = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 's';
      if (!save && event.key !== 'F6') return;
      event.preventDefault();
      if (save) this.panel.node.querySelector('.kb-save')?.click();
      else this.panel.node.querySelector('iframe.kb-preview')?.focus();
    }

    async run() {
      if (this.panel.isDisposed || this.running) return;
      const kernel = this.panel.sessionContext.session?.kernel;
      if (!kernel) {
        this.say('There is no kernel for this page.', 'Choose one', () =>
          this.panel.sessionContext.startKernel().then(() => this.run()));
        return;
      }
      this.running = true;
      try {
        await kernel.info; // a kernel that is still starting would lose what it is sent
        const fine = await this.actions.runAll(this.panel.content, this.panel.sessionContext);
        if (fine) this.say('');
        else if (!this.lost) this.say('The form could not be opened; what went wrong is told below.', 'Try again', () => this.run());
      } finally {
        this.running = false;
      }
    }

    // Widgets of a kernel that stopped cannot be drawn again in the same page of the browser; a page loaded anew can.
    reopen() {
      this.panel.context.model.dirty = false; // nothing of the form stands in the notebook, so nobody need be asked
      window.location.reload();
    }

    status(status) {
      if (!['restarting', 'autorestarting', 'terminating', 'dead'].includes(status)) return;
      this.lost = true;
      const again = status === 'dead' ? () => this.panel.sessionContext.restartKernel().then(() => this.reopen()) : () => this.reopen();
      this.say('The program behind this form stopped. What you typed is kept as a draft.', 'Open the form again', again);
    }
  }

  let shared = {};
  const newest = async (name) => {
    const versions = shared[name] ?? {};
    return (await versions[Object.keys(versions)[0]].get())();
  };

  const extension = async () => {
    const { NotebookActions } = await newest('@jupyterlab/notebook');
    const plugin = {
      id: 'kb-author:pages',
      description: 'Opens author notebooks as pages.',
      autoStart: true,
      activate: (app) => {
        const style = document.createElement('style');
        style.textContent = STYLE;
        document.head.append(style);
        let first = true;
        app.docRegistry.addWidgetExtension('Notebook', {
          createNew: (panel, context) => {
            if (!context.path.startsWith(FOLDER)) return;
            new Page(panel, NotebookActions);
            if (first) app.restored.then(() => app.shell.collapseLeft?.());
            first = false;
          },
        });
      },
    };
    return () => ({ __esModule: true, default: plugin });
  };

  window._JUPYTERLAB = window._JUPYTERLAB ?? {};
  window._JUPYTERLAB['kb-author'] = {
    init: (scope) => { shared = scope; },
    get: () => extension(),
  };
})();
