"""Takes what a browser sends straight to the disk of the instance, file by file, within the limits.

A file that is too large is read past and not kept; the others of the same form are. What a form
refuses as a whole (too many files, a broken body, no token) leaves nothing behind.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_protect

from evenbook.sources.jobs.uploads import Stored, clean_name, is_wanted

MEGABYTE = 1024 * 1024
BROKEN = (RequestDataTooBig, TooManyFieldsSent, MultiPartParserError)
Answer = Callable[[HttpRequest], HttpResponse]


class Received:
    """A file that lies in the instance, or the reason why it does not."""

    def __init__(self, name: str, path: Path, size: int, *, problem: str = "") -> None:
        self.name, self.path, self.size, self.problem = name, path, size, problem

    def close(self) -> None:
        """Do what requests ask of their files at their end: nothing is open."""


class ToInstance(FileUploadHandler):
    """Writes each file of a form under a number into a folder."""

    chunk_size = MEGABYTE

    def __init__(self, folder: Path, *, most_megabytes: int) -> None:
        super().__init__()
        self.folder, self.most_megabytes = folder, most_megabytes
        self._number, self._size, self._problem = 0, 0, ""
        self._stream: IO[bytes] | None = None

    @property
    def _path(self) -> Path:
        return self.folder / str(self._number)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Open the next file."""
        super().new_file(*args, **kwargs)
        self._number, self._size, self._problem = self._number + 1, 0, ""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._stream = self._path.open("wb")
        except OSError as error:
            self._give_up(f"it could not be stored ({error.strerror})")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a piece, unless the file is given up already."""
        self._size += len(raw_data)
        if self._size > self.most_megabytes * MEGABYTE:
            self._give_up(f"it is larger than the {self.most_megabytes:,} MB that a page takes")
        if self._stream is None:
            return
        try:
            self._stream.write(raw_data)
        except OSError as error:
            self._give_up(f"it could not be stored ({error.strerror})")

    def file_complete(self, file_size: int) -> Any:
        """Return the file, whole on disk, or why it is not."""
        self._close()
        return Received(str(self.file_name), self._path, self._size, problem=self._problem)

    def upload_interrupted(self) -> None:
        """Leave nothing of a form that broke off."""
        self._close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _give_up(self, problem: str) -> None:
        self._close()
        self._problem = self._problem or problem
        self._path.unlink(missing_ok=True)

    def _close(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None


def receive(request: HttpRequest, folder: Path, *, most_megabytes: int, then: Answer, refuse: Any) -> Any:
    """Read a form with files into ``folder``, check its token, and return what ``then`` answers.

    The check comes after the reading, for the token stands in the form; so the view that calls this
    has to be exempt and to know already that the sender may import. A folder without a note is
    removed again: nobody will find it.
    """
    request.upload_handlers = [ToInstance(folder, most_megabytes=most_megabytes)]
    try:
        _ = request.POST
        answer = csrf_protect(then)(request)
    except TooManyFilesSent:
        answer = refuse("These are too many files at once; nothing was taken.", "Send a zip of them instead.")
    except BROKEN:
        answer = refuse("What the browser sent broke off; nothing was taken.", "Choose the files again.")
    if not (folder / "upload.json").exists():
        shutil.rmtree(folder, ignore_errors=True)
    return answer


def sorted_out(request: HttpRequest) -> tuple[list[Stored], list[str]]:
    """Return the files that a form brought, and sentences about those that were not taken."""
    files: list[Any] = request.FILES.getlist("files")
    in_folder: list[Any] = request.FILES.getlist("folder")
    named = [(each, clean_name(each.name), "") for each in files]
    places = _within([clean_name(path) for path in _paths(request, in_folder)])
    named += [(each, *place) for each, place in zip(in_folder, places, strict=True)]
    wanted = [(each, name, folder) for each, name, folder in named if is_wanted(name)]
    taken = [Stored(name, folder, each.path, each.size) for each, name, folder in wanted if not each.problem]
    return taken, [f"{name} was not taken: {each.problem}." for each, name, _ in wanted if each.problem]


def _within(paths: list[str]) -> list[tuple[str, str]]:
    """Return each path without the folder that was chosen, and the last folder that it lies in.

    A folder has the same names here as on the command line, so that its questions are the same.
    """
    tops = {path.partition("/")[0] for path in paths if "/" in path}
    is_one = len(tops) == 1 and all("/" in path for path in paths)
    shown = [path.partition("/")[2] if is_one else path for path in paths]
    return [(name, PurePosixPath(path).parent.name) for name, path in zip(shown, paths, strict=True)]


def _paths(request: HttpRequest, files: list[Any]) -> list[str]:
    """Return where each file of a folder lay in it, as the page's script says; else its plain name."""
    try:
        said = json.loads(request.POST.get("paths", "[]"))
    except (ValueError, RecursionError):
        said = []
    plain = [str(each.name) for each in files]
    fits = isinstance(said, list) and len(said) == len(plain)
    return [_path(name, path) for name, path in zip(plain, said, strict=True)] if fits else plain


def _path(name: str, path: object) -> str:
    """Return the path that was said for a file, where it ends in the file's own name."""
    return path if isinstance(path, str) and clean_name(path).endswith(clean_name(name)) else name
