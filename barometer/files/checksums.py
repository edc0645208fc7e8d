"""Checksums of files."""

import hashlib
import re
from functools import lru_cache


def hash_files(folder):
    """{path: sha256} of every file in a folder but hidden ones, which editors leave."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    files = {path.relative_to(folder).as_posix(): path for path in paths}
    seen = [name for name in files if not re.search(r"(^|/)\.", name)]
    return {name: hash_file(files[name]) for name in seen}


def hash_file(path):
    """A file's sha256; read again only when the file system says that it was written."""
    state = path.stat()
    return _read_and_hash(str(path), state.st_mtime_ns, state.st_size, state.st_ino)


@lru_cache(maxsize=10_000)
def _read_and_hash(path, *state):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
