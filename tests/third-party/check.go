// Command check reads a log as any outsider would and checks it with golang.org/x/mod/sumdb, the
// library behind Go's own checksum database: code that nobody here wrote.
//
// Usage: check DIR, where DIR holds
//
//	vkey                      the log's verifier key
//	checkpoint.SIZE           signed checkpoints of one log as it grew
//	tile/L/N[.p/W]            hash tiles, tile/entries/N[.p/W] entry bundles, as served
//	proof.SIZE.INDEX          receipts (.tlog-proof files)
//
// It ends with status 1 and a sentence at the first thing that does not hold.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const tileWidth = 256

func fail(format string, args ...interface{}) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(1)
}

func read(name string) []byte {
	data, err := os.ReadFile(name)
	if err != nil {
		fail("%v", err)
	}
	return data
}

// c2spPath is the path of a tile without the height that Go's own layout has after "tile/".
func c2spPath(t tlog.Tile) string {
	return strings.Replace(t.Path(), "tile/8/", "tile/", 1)
}

// tiles reads the served files.
type tiles struct {
	dir  string
	seen map[string]bool
}

func (t *tiles) Height() int                     { return 8 }
func (t *tiles) SaveTiles([]tlog.Tile, [][]byte) {}
func (t *tiles) ReadTiles(want []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, tile := range want {
		name := c2spPath(tile)
		data, err := os.ReadFile(filepath.Join(t.dir, name))
		if err != nil {
			return nil, err
		}
		t.seen[name] = true
		out = append(out, data)
	}
	return out, nil
}

// open verifies a checkpoint's signature and takes it apart.
func open(data []byte, verifier note.Verifier, what string) tlog.Tree {
	n, err := note.Open(data, note.VerifierList(verifier))
	if err != nil {
		fail("%s: %v", what, err)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] != verifier.Name() {
		fail("%s: not three lines that begin with the log's name", what)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || strconv.FormatInt(size, 10) != lines[1] {
		fail("%s: size %q", what, lines[1])
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		fail("%s: %v", what, err)
	}
	return tlog.Tree{N: size, Hash: root}
}

// bundle reads the entries [n*256, n*256+width) of the log.
func bundle(dir string, n int64, width int) [][]byte {
	name := c2spPath(tlog.Tile{H: 8, L: 0, N: n, W: width})
	name = strings.Replace(name, "tile/0/", "tile/entries/", 1)
	data := read(filepath.Join(dir, name))
	var out [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
			fail("%s: cut off", name)
		}
		size := 2 + int(binary.BigEndian.Uint16(data))
		out = append(out, data[2:size])
		data = data[size:]
	}
	if len(out) != width {
		fail("%s: %d entries instead of %d", name, len(out), width)
	}
	return out
}

// entries checks that every entry of the tree is the leaf it should be and says its own index.
func entries(dir string, tree tlog.Tree, hashes tlog.HashReader) {
	for start := int64(0); start < tree.N; start += tileWidth {
		width := tileWidth
		if tree.N-start < tileWidth {
			width = int(tree.N - start)
		}
		indexes := make([]int64, width)
		for i := range indexes {
			indexes[i] = tlog.StoredHashIndex(0, start+int64(i))
		}
		leaves, err := hashes.ReadHashes(indexes)
		if err != nil {
			fail("size %d: %v", tree.N, err)
		}
		for i, entry := range bundle(dir, start/tileWidth, width) {
			var said struct {
				Index  int64
				Region string
				Hash   string
			}
			if tlog.RecordHash(entry) != leaves[i] {
				fail("size %d: entry %d is not the leaf", tree.N, start+int64(i))
			}
			if err := json.Unmarshal(entry, &said); err != nil {
				fail("entry %d: %v", start+int64(i), err)
			}
			if said.Index != start+int64(i) || said.Hash != "sha-256" || len(said.Region) != 6 {
				fail("entry %d says %+v", start+int64(i), said)
			}
		}
	}
}

// places are the indexes whose inclusion is proven: all of a small tree, else many and every edge.
func places(size int64) []int64 {
	var out []int64
	step := size/97 + 1
	if size <= 600 {
		step = 1
	}
	for i := int64(0); i < size; i += step {
		out = append(out, i)
	}
	for _, edge := range []int64{255, 256, 511, 65535, 65536, size - 1} {
		if edge < size {
			out = append(out, edge)
		}
	}
	return out
}

func inclusions(dir string, tree tlog.Tree, hashes tlog.HashReader) int {
	count := 0
	for _, i := range places(tree.N) {
		leaf, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, i)})
		if err != nil {
			fail("size %d: %v", tree.N, err)
		}
		proof, err := tlog.ProveRecord(tree.N, i, hashes)
		if err != nil {
			fail("size %d: proof of %d: %v", tree.N, i, err)
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, i, leaf[0]); err != nil {
			fail("size %d: proof of %d: %v", tree.N, i, err)
		}
		count++
	}
	return count
}

// receipt checks a .tlog-proof file.
func receipt(name string, verifier note.Verifier) {
	data := read(name)
	at := bytes.Index(data, []byte("\n\n"))
	if at < 0 {
		fail("%s: no empty line", name)
	}
	lines := strings.Split(string(data[:at]), "\n")
	if len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" ||
		!strings.HasPrefix(lines[1], "extra ") || !strings.HasPrefix(lines[2], "index ") {
		fail("%s: not a tlog-proof with its entry", name)
	}
	entry, err := base64.StdEncoding.DecodeString(lines[1][len("extra "):])
	if err != nil {
		fail("%s: %v", name, err)
	}
	index, err := strconv.ParseInt(lines[2][len("index "):], 10, 64)
	if err != nil {
		fail("%s: %v", name, err)
	}
	var proof tlog.RecordProof
	for _, line := range lines[3:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			fail("%s: %v", name, err)
		}
		proof = append(proof, hash)
	}
	tree := open(data[at+2:], verifier, name)
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)); err != nil {
		fail("%s: %v", name, err)
	}
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: check DIR")
		os.Exit(2)
	}
	dir := os.Args[1]
	verifier, err := note.NewVerifier(strings.TrimSpace(string(read(filepath.Join(dir, "vkey")))))
	if err != nil {
		fail("vkey: %v", err)
	}
	names, _ := filepath.Glob(filepath.Join(dir, "checkpoint.*"))
	var trees []tlog.Tree
	for _, name := range names {
		trees = append(trees, open(read(name), verifier, name))
	}
	sort.Slice(trees, func(i, j int) bool { return trees[i].N < trees[j].N })
	reader := &tiles{dir: dir, seen: map[string]bool{}}
	inclusionCount, consistencyCount := 0, 0
	for i, tree := range trees {
		hashes := tlog.TileHashReader(tree, reader)
		root, err := tlog.TreeHash(tree.N, hashes)
		if err != nil {
			fail("size %d: %v", tree.N, err)
		}
		if root != tree.Hash {
			fail("size %d: the tiles do not lead to the signed root", tree.N)
		}
		entries(dir, tree, hashes)
		inclusionCount += inclusions(dir, tree, hashes)
		for _, old := range trees[:i] {
			proof, err := tlog.ProveTree(tree.N, old.N, hashes)
			if err != nil {
				fail("sizes %d and %d: %v", old.N, tree.N, err)
			}
			if err := tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash); err != nil {
				fail("sizes %d and %d: %v", old.N, tree.N, err)
			}
			consistencyCount++
		}
	}
	receipts, _ := filepath.Glob(filepath.Join(dir, "proof.*"))
	for _, name := range receipts {
		receipt(name, verifier)
	}
	if len(trees) == 0 || len(receipts) == 0 {
		fail("nothing to check")
	}
	fmt.Printf("%d checkpoints up to size %d, %d tiles, %d inclusion and %d consistency proofs, %d receipts hold\n",
		len(trees), trees[len(trees)-1].N, len(reader.seen), inclusionCount, consistencyCount, len(receipts))
}
