namespace GanPipeline.Data;

/// <summary>The files and links of an archive, and the files that are reached through the links.</summary>
internal sealed class ArchiveTree
{
    private const int MostVisits = 16, LongestChain = 40, Deepest = 200;

    private readonly List<FileEntry> _files = [];
    private readonly List<(string Path, string Target)> _links = [];

    /// <summary>Adds a file; its path may begin with <c>./</c>, <c>/</c> or <c>../</c>, which do not count.</summary>
    public void AddFile(in FileEntry entry) => _files.Add(entry with { Path = Clean(entry.Path) });

    /// <summary>Adds a link to a file or folder of the archive, whose path begins at the archive's root or at the link's folder.</summary>
    public void AddLink(string path, string target, bool fromRoot)
    {
        path = Clean(path);
        var folder = fromRoot || target.StartsWith('/') ? "" : path[..(path.LastIndexOf('/') + 1)];
        _links.Add((path, folder + target));
    }

    /// <summary>All files, those behind links under the links' names too.</summary>
    /// <param name="leftOut">Receives the links that lead to nothing or round in a circle.</param>
    public IReadOnlyList<FileEntry> Files(List<SkippedImage> leftOut)
    {
        if (_links.Count == 0) return _files;
        var root = new Node();
        foreach (var file in _files)
        {
            var node = root.Make(file.Path);
            if (node.File is { } earlier) leftOut.Add(new(earlier.Path, Reasons.SecondOfName));
            node.File = file;
        }
        foreach (var (path, target) in _links) root.Make(path).Target = target;
        var found = new List<FileEntry>();
        Walk(root, root, "", [], behindLink: false, found, leftOut);
        return found;
    }

    private static void Walk(Node root, Node node, string path, List<Node> above, bool behindLink, List<FileEntry> found,
        List<SkippedImage> leftOut)
    {
        var chain = 0;
        while (node is { File: null, Target: { } target })
        {
            if (root.Find(target) is not { } next || ++chain > LongestChain)
            {
                leftOut.Add(new(path, Reasons.LinkToNowhere));
                return;
            }
            (node, behindLink) = (next, true);
        }
        if (node.File is { } file)
        {
            found.Add(file with { Path = path });
        }
        else if (above.Contains(node))
        {
            leftOut.Add(new(path, Reasons.LinkLoop));
        }
        else if ((behindLink && ++node.Visits > MostVisits) || above.Count > Deepest)
        {
            leftOut.Add(new(path, Reasons.LinkedTooOften));
        }
        else
        {
            above.Add(node);
            foreach (var (name, child) in node.Children)
                Walk(root, child, path.Length == 0 ? name : $"{path}/{name}", above, behindLink, found, leftOut);
            above.RemoveAt(above.Count - 1);
        }
    }

    private static string Clean(string path) =>
        path.StartsWith('/') || path.Contains("./", StringComparison.Ordinal) || path.Contains("//", StringComparison.Ordinal)
            ? string.Join('/', path.Split('/').Where(part => part is not ("" or "." or "..")))
            : path;

    /// <summary>A folder, a file, or a link.</summary>
    private sealed class Node
    {
        public SortedDictionary<string, Node> Children { get; } = new(StringComparer.Ordinal);
        public FileEntry? File { get; set; }
        public string? Target { get; set; }
        public int Visits { get; set; }

        public Node Make(string path)
        {
            var node = this;
            foreach (var name in path.Split('/'))
            {
                if (!node.Children.TryGetValue(name, out var child)) node.Children[name] = child = new Node();
                node = child;
            }
            return node;
        }

        /// <summary>Null where there is nothing, or the path leads out of the archive.</summary>
        public Node? Find(string path)
        {
            var (way, links) = (new Stack<Node>([this]), 0);
            var names = new Stack<string>(path.Split('/').Reverse());
            while (names.TryPop(out var name))
            {
                if (name is "" or ".") continue;
                if (name == "..")
                {
                    if (way.Count == 1) return null;
                    way.Pop();
                    continue;
                }
                if (!way.Peek().Children.TryGetValue(name, out var child)) return null;
                if (child is { File: null, Target: { } target } && names.Count > 0)
                {
                    // A link within the path: its target begins at the root.
                    if (++links > LongestChain) return null;
                    while (way.Count > 1) way.Pop();
                    foreach (var part in target.Split('/').Reverse()) names.Push(part);
                    continue;
                }
                way.Push(child);
            }
            return way.Peek();
        }
    }
}
