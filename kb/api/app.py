"""The HTTP API as a FastAPI application; it keeps nothing, and every answer names its release.

Errors are problem details (RFC 9457), entity tags follow the release and the address (RFC 9110), the description is
OpenAPI 3.1 at `/api/v1/openapi.json`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any

from fastapi import FastAPI, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from kb.api import cds
from kb.api.answers import Answers, NotHere
from kb.api.plan import PlanIn

PREFIX = "/api/v1"
FILE = ".json"
"""How the static site's files end; the server takes their addresses as well."""

Shape = Mapping[str, Any]
"""What an address answers with; `kb.api.shapes` says what is in it."""

Word = Annotated[str, Query(min_length=1, max_length=200, description="an id, a name, a synonym or a brand")]


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    near: list[str] = Field(default_factory=list, description="names that look like what was asked for")


_SHAPE = {"application/problem+json": {"schema": Problem.model_json_schema()}}
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: {"content": _SHAPE, "description": "The body cannot be read"},
    404: {"content": _SHAPE, "description": "Not recorded here"},
    422: {"content": _SHAPE, "description": "The question cannot be read"},
}


def make(answers: Callable[[], Answers], origins: Sequence[str] = (), root_path: str = "") -> FastAPI:
    """The application. `answers` gives those of the release that is live; `origins` may ask from other sites (CORS)."""
    app = FastAPI(
        title=answers().data.title,
        version="1",
        description="Read-only. A reference for professionals, not medical advice. Content: CC BY 4.0.",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        root_path=root_path,
        responses=_PROBLEMS,
    )
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(origins),
            allow_methods=["GET", "POST"],
            allow_headers=["authorization", "content-type"],  # clients of CDS Hooks sign every call
        )
    _tagged(app, answers)
    _errors(app)
    _reading(app, answers)
    _asking(app, answers)
    cds.add(app, answers)
    return app


def _tagged(app: FastAPI, answers: Callable[[], Answers]) -> None:
    @app.middleware("http")
    async def tag(request: Request, following: Callable[[Request], Awaitable[Response]]) -> Response:
        """A page of one release never changes: its tag is the release and the address."""
        if request.method not in ("GET", "HEAD"):
            response = await following(request)
            response.headers["Cache-Control"] = "no-store"
            return response
        address = f"{answers().data.content}\0{request.url.path}?{request.url.query}"
        etag = f'"{hashlib.sha256(address.encode()).hexdigest()[:24]}"'
        if etag in [t.strip().removeprefix("W/") for t in request.headers.get("if-none-match", "").split(",")]:
            return Response(status_code=304, headers={"ETag": etag})
        response = await following(request)
        if response.status_code == 200:
            response.headers["ETag"] = etag
            response.headers["Cache-Control"] = "public, max-age=300"
        return response


def _errors(app: FastAPI) -> None:
    def told(
        status: int, title: str, detail: str, near: Sequence[str] = (), headers: Mapping[str, str] | None = None
    ) -> JSONResponse:
        problem = Problem(title=title, status=status, detail=detail, near=list(near))
        return JSONResponse(problem.model_dump(), status, headers, media_type="application/problem+json")

    @app.exception_handler(NotHere)
    async def not_here(_: Request, error: NotHere) -> JSONResponse:
        return told(404, "Not recorded here", str(error), error.near)

    @app.exception_handler(RequestValidationError)
    async def unreadable(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        return told(422, "The question cannot be read", f"{place}: {first['msg']}")

    @app.exception_handler(HTTPException)
    async def refused(_: Request, error: HTTPException) -> JSONResponse:
        return told(error.status_code, "Refused", str(error.detail), headers=error.headers)


def _reading(app: FastAPI, answers: Callable[[], Answers]) -> None:
    @app.get(PREFIX, summary="The release, and what it holds")
    def about() -> Shape:
        return answers().about()

    @app.get(f"{PREFIX}/records/{{kind}}", summary="Records of a kind")
    def records(
        kind: Annotated[str, Path(max_length=40)],
        subject: Annotated[
            str | None, Query(max_length=120, description="only those recorded for this subject")
        ] = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
        offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    ) -> Shape:
        return answers().records(kind.removesuffix(FILE), subject, limit, offset)

    @app.get(f"{PREFIX}/records/{{kind}}/{{record_id}}", summary="One record")
    def record(kind: Annotated[str, Path(max_length=40)], record_id: Annotated[str, Path(max_length=160)]) -> Shape:
        return answers().record(kind, record_id.removesuffix(FILE))

    @app.get(f"{PREFIX}/pages/{{thing}}", summary="The whole page of one thing")
    def page(thing: Annotated[str, Path(max_length=200)]) -> Shape:
        """With `.json` behind it, papers and inherited cautions are named by id, as in the files of the static site."""
        return answers().filed(thing[: -len(FILE)]) if thing.endswith(FILE) else answers().page(thing)

    @app.get(f"{PREFIX}/names", summary="Every thing that is recorded, with its other names")
    def names() -> Shape:
        return answers().names

    app.add_api_route(f"{PREFIX}/names{FILE}", names, include_in_schema=False)


def _asking(app: FastAPI, answers: Callable[[], Answers]) -> None:
    @app.get(f"{PREFIX}/search", summary="What fits a text, best first")
    def search(
        q: Annotated[str, Query(min_length=1, max_length=200)],
        kind: Annotated[list[str], Query(max_length=20)] = [],  # noqa: B006 - FastAPI copies it
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
    ) -> Shape:
        return answers().search(q, kind, limit)

    @app.get(f"{PREFIX}/evidence", summary="Assessments and findings, with their papers")
    def evidence(
        subject: Word | None = None,
        object: Word | None = None,
        route: Annotated[str | None, Query(max_length=40)] = None,
    ) -> Shape:
        return answers().evidence(subject, object, route)

    @app.get(f"{PREFIX}/path", summary="How two things are connected")
    def path(a: Word, b: Word) -> Shape:
        return answers().path(a, b)

    @app.post(f"{PREFIX}/precheck", summary="What speaks against a plan; nothing is kept")
    def precheck(plan: PlanIn) -> Shape:
        return answers().check(plan.model_dump())

    @app.get(f"{PREFIX}/compare", summary="Things side by side")
    def compare(item: Annotated[list[str], Query(min_length=2, max_length=6)]) -> Shape:
        return answers().compare(item)
