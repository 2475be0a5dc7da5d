// Checks a log of ours with golang.org/x/mod/sumdb: notes, tiles, proofs of records and of growth.
//
// go run check.go FOLDER, where FOLDER has what the test wrote. Says FAIL and ends with 1 at the first thing that does
// not hold.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

var folder string

func must(what string, err error) {
	if err != nil {
		fmt.Println("FAIL", what, err)
		os.Exit(1)
	}
}

func read(name string) []byte {
	text, err := os.ReadFile(filepath.Join(folder, name))
	must(name, err)
	return text
}

// tree opens a signed checkpoint.
func tree(name string, verifier note.Verifier) tlog.Tree {
	opened, err := note.Open(read(name), note.VerifierList(verifier))
	must(name, err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() || lines[3] != "" {
		must(name, fmt.Errorf("unexpected text %q", opened.Text))
	}
	n, err := strconv.ParseInt(lines[1], 10, 64)
	must(name, err)
	hash, err := tlog.ParseHash(lines[2])
	must(name, err)
	return tlog.Tree{N: n, Hash: hash}
}

// tiles reads tiles from files; the file of the last tile of a level has all narrower ones as its beginning.
type tiles struct{}

func (tiles) Height() int { return 8 }

func (tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, t := range wanted {
		data := read(fmt.Sprintf("tile.%d.%d", t.L, t.N))
		if len(data) < t.W*tlog.HashSize {
			return nil, fmt.Errorf("tile %s is too narrow", t.Path())
		}
		out = append(out, data[:t.W*tlog.HashSize])
	}
	return out, nil
}

func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func hashes(name string) []tlog.Hash {
	var out []tlog.Hash
	for _, line := range strings.Fields(string(read(name))) {
		hash, err := tlog.ParseHash(line)
		must(name, err)
		out = append(out, hash)
	}
	return out
}

func same(a, b []tlog.Hash) bool {
	for i := range a {
		if i >= len(b) || !bytes.Equal(a[i][:], b[i][:]) {
			return false
		}
	}
	return len(a) == len(b)
}

func main() {
	folder = os.Args[1]
	verifier, err := note.NewVerifier(string(read("vkey")))
	must("vkey", err)
	now := tree("checkpoint", verifier)
	reader := tlog.TileHashReader(now, tiles{})
	root, err := tlog.TreeHash(now.N, reader)
	must("root", err)
	if root != now.Hash {
		must("root", fmt.Errorf("tiles hash to %s, signed is %s", root, now.Hash))
	}
	records, _ := filepath.Glob(filepath.Join(folder, "record.*"))
	for _, path := range records {
		index, err := strconv.ParseInt(strings.TrimPrefix(filepath.Base(path), "record."), 10, 64)
		must(path, err)
		proof := hashes(fmt.Sprintf("proof.%d", index))
		hash := tlog.RecordHash(read(filepath.Base(path)))
		must(path, tlog.CheckRecord(proof, now.N, now.Hash, index, hash))
		own, err := tlog.ProveRecord(now.N, index, reader)
		must(path, err)
		if !same(own, proof) {
			must(path, fmt.Errorf("proofs differ"))
		}
	}
	growths, _ := filepath.Glob(filepath.Join(folder, "growth.*"))
	for _, path := range growths {
		size := strings.TrimPrefix(filepath.Base(path), "growth.")
		old := tree("checkpoint."+size, verifier)
		proof := hashes("growth." + size)
		must(path, tlog.CheckTree(proof, now.N, now.Hash, old.N, old.Hash))
		own, err := tlog.ProveTree(now.N, old.N, reader)
		must(path, err)
		if !same(own, proof) {
			must(path, fmt.Errorf("proofs differ"))
		}
	}
	fmt.Printf("%d leaves, %d records, %d growths\n", now.N, len(records), len(growths))
}
