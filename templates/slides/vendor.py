"""Bring reveal.js, which turns the slides on a wide screen, into ``templates/slides/reveal/``.

Run it from anywhere on a machine with npm::

    python templates/slides/vendor.py

It asks npm for one published version, refuses it if its hash is not the one written here, and takes
the minified script and the licence. Nothing else of the package is used: how slides look and what
its parts say to a reader is the kit's own.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import subprocess
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
VERSION = "6.0.2"
# What the registry published for this version; a newer one needs its own.
INTEGRITY = "sha512-JYIg5D9aoxoaLeb84O+OvAwsKWdIavVgEDScxtYEXFCT6t6TQrhNtSgogcjdCpdLsWglhJn3zyE3fUOwiH5KEg=="
TAKEN = {"package/dist/reveal.js": "reveal.js", "package/LICENSE": "LICENSE"}

README = """\
# reveal.js

広い画面でスライドをめくる部品です（一覧、画面を消す、番号で移る、順に出す）。`templates/slides/vendor.py` が npm のパッケージから取り出したもので、手では直しません。

- **What**: reveal.js {version} by Hakim El Hattab, the published minified build, unchanged.
- **Licence**: MIT, see [LICENSE](LICENSE).
- **How it came here**: `python templates/slides/vendor.py`. The package's hash is
  `{integrity}`.
- **What was taken**:
{files}

Its style sheets, themes and plugins are not used: `slide.css` and `deck.css` say how slides look, and
`deck.js` gives what reveal.js leaves out: no `role="application"`, words in the reader's language,
keys that can be switched off, and a deck that can be read before or without any script.
"""


def integrity(packed: bytes) -> str:
    """Return the hash of a package as npm writes it.

    Examples
    --------
    >>> integrity(b"")[:20]
    'sha512-z4PhNX7vuL3xV'
    """
    return "sha512-" + base64.b64encode(hashlib.sha512(packed).digest()).decode()


def fetch(folder: Path) -> Path:
    """Have npm put the package into `folder` and return its path."""
    command = ["npm", "pack", f"reveal.js@{VERSION}", "--silent", "--pack-destination", str(folder)]
    try:
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)
    except FileNotFoundError:
        raise SystemExit("npm: not found; install Node.js first") from None
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"npm could not fetch reveal.js {VERSION}: {error}") from None
    return folder / f"reveal.js-{VERSION}.tgz"


def take(package: Path, target: Path) -> list[Path]:
    """Check `package` and write what is used of it, with a README, to `target`.

    Raises
    ------
    SystemExit
        If the package is not the one that was read when this version was chosen, or its script
        could not stand inside a page.
    """
    found = integrity(package.read_bytes())
    if found != INTEGRITY:
        raise SystemExit(f"{package.name}: its hash is {found}, not {INTEGRITY}; nothing was taken")
    taken = {}
    with tarfile.open(package) as archive:
        for member, name in TAKEN.items():
            part = archive.extractfile(member)
            assert part is not None, "a file of a package whose hash is known"
            taken[name] = part.read()
    if b"</script" in taken["reveal.js"].lower() or b"<!--" in taken["reveal.js"]:
        raise SystemExit("reveal.js: it would end the script element it stands in")
    target.mkdir(exist_ok=True)
    lines = []
    for name, content in taken.items():
        (target / name).write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        lines.append(f"  - `{name}` ({len(content):,} bytes), SHA-256 `{digest}`")
    readme = README.format(version=VERSION, integrity=INTEGRITY, files="\n".join(lines))
    (target / "README.md").write_text(readme, encoding="utf-8")
    return [target / name for name in (*taken, "README.md")]


def main() -> None:
    """Fill the folder beside this script."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--package", type=Path, help="a package already fetched by `npm pack`")
    parser.add_argument("--target", type=Path, default=HERE / "reveal")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for path in take(arguments.package or fetch(Path(folder)), arguments.target):
            print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
