#!/bin/sh
# Brings the examples of the CommonMark and GFM specifications into a directory. They are not ours (CC-BY-SA), so they are taken
# from packages that hold them: PyPI's markdown-it-py and Debian's source of cmark-gfm. What cannot be had is said and left out.
set -u
directory=$1
mkdir -p "$directory"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

command -v cmark-gfm >/dev/null || echo "specifications: cmark-gfm is not installed: apt-get install cmark-gfm"

if [ ! -e "$directory/commonmark.json" ]; then
	python3 -m pip download -q --no-deps --no-binary :all: -d "$work" markdown-it-py >"$work/log" 2>&1 &&
		tar -xzOf "$work"/markdown_it_py-*.tar.gz --wildcards '*/commonmark.json' >"$work/commonmark.json" &&
		mv "$work/commonmark.json" "$directory/" || echo "specifications: skipped CommonMark: PyPI cannot be reached"
fi

if [ ! -e "$directory/spec.txt" ]; then
	mkdir -p "$work/lists/partial" "$work/archives/partial"
	release=$(. /etc/os-release && echo "${VERSION_CODENAME:-stable}")
	echo "deb-src http://deb.debian.org/debian $release main" >"$work/sources.list"
	apt_private() {
		apt-get -qq -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=/dev/null \
			-o Dir::State::Lists="$work/lists" -o Dir::Cache::Archives="$work/archives" "$@" >>"$work/log" 2>&1
	}
	(cd "$work" && apt_private update && apt_private source --download-only cmark-gfm) &&
		tar -xzOf "$work"/cmark-gfm_*.orig.tar.gz --wildcards '*/test/spec.txt' >"$work/spec.txt" &&
		mv "$work/spec.txt" "$directory/" || echo "specifications: skipped GFM: the source package cannot be had"
fi
exit 0
