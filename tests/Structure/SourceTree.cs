using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GanPipeline.Structure.Tests;

/// <summary>A project's C# files: which folder declares which types, and which folder names types of which other.</summary>
internal sealed class SourceTree
{
    private readonly List<(string Folder, string File, SyntaxNode Root)> _files = [];
    private readonly Dictionary<string, string> _folderOfType = [];

    /// <param name="project">The project's folder.</param>
    public SourceTree(string project)
    {
        foreach (var file in Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var folder = Path.GetDirectoryName(Path.GetRelativePath(project, file))!.Replace('\\', '/');
            Add(folder, Path.GetRelativePath(project, file), File.ReadAllText(file));
        }
        Index();
    }

    /// <param name="sources">Folder, file name and text of each file.</param>
    public SourceTree(params (string Folder, string File, string Text)[] sources)
    {
        foreach (var (folder, file, text) in sources) Add(folder, file, text);
        Index();
    }

    /// <summary>
    /// For each folder, the other folders whose types its files name, with an example. A folder's parent counts as a folder of its own;
    /// files in the project's root may use everything, so the root is left out.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Uses()
    {
        var uses = new Dictionary<string, IReadOnlyDictionary<string, string>>();
        foreach (var group in _files.Where(f => f.Folder.Length > 0).GroupBy(f => f.Folder))
        {
            var targets = new Dictionary<string, string>();
            foreach (var (folder, file, root) in group)
            {
                // Of `a.B` only a can be a type of ours, or B where a is a namespace; what the file declares as a member or variable is
                // none.
                var members = Declared(root);
                foreach (var name in root.DescendantNodes().OfType<SimpleNameSyntax>().Where(CanBeType))
                {
                    if (!members.Contains(name.Identifier.Text) && _folderOfType.TryGetValue(name.Identifier.Text, out var target)
                        && target != folder)
                        targets.TryAdd(target, $"{file} names {name.Identifier.Text}");
                }
            }
            uses[group.Key] = targets;
        }
        return uses;
    }

    /// <summary>A circle of folders that use each other, as its edges in words; null where there is none.</summary>
    public IReadOnlyList<string>? FindCycle()
    {
        var uses = Uses();
        var done = new HashSet<string>();
        foreach (var start in uses.Keys.Order(StringComparer.Ordinal))
            if (Walk(start, []) is { } cycle) return cycle;
        return null;

        IReadOnlyList<string>? Walk(string folder, List<string> path)
        {
            if (path.IndexOf(folder) is var at and >= 0)
            {
                string[] circle = [.. path[at..], folder];
                return [.. circle.Zip(circle.Skip(1), (from, to) => $"{from} -> {to}: {uses[from][to]}")];
            }
            if (done.Contains(folder) || !uses.TryGetValue(folder, out var targets)) return null;
            path.Add(folder);
            foreach (var target in targets.Keys.Where(t => t.Length > 0).Order(StringComparer.Ordinal))
                if (Walk(target, path) is { } cycle) return cycle;
            path.RemoveAt(path.Count - 1);
            done.Add(folder);
            return null;
        }
    }

    /// <summary>What files in folders use of the project's root: what all share must lie in a folder.</summary>
    public IReadOnlyList<string> UsesOfRoot() => [.. Uses().SelectMany(u => u.Value).Where(t => t.Key.Length == 0).Select(t => t.Value)];

    private void Add(string folder, string file, string text)
    {
        if (!folder.StartsWith("obj", StringComparison.Ordinal) && !folder.StartsWith("build", StringComparison.Ordinal))
            _files.Add((folder, file, CSharpSyntaxTree.ParseText(text).GetRoot()));
    }

    private void Index()
    {
        foreach (var (folder, _, root) in _files)
        {
            foreach (var type in root.DescendantNodes().OfType<BaseTypeDeclarationSyntax>().Where(t =>
                t.Parent is not TypeDeclarationSyntax))
                _folderOfType.TryAdd(type.Identifier.Text, folder);
            foreach (var type in root.DescendantNodes().OfType<DelegateDeclarationSyntax>())
                _folderOfType.TryAdd(type.Identifier.Text, folder);
        }
    }

    private static HashSet<string> Declared(SyntaxNode root) =>
    [
        .. root.DescendantNodes().OfType<PropertyDeclarationSyntax>().Select(p => p.Identifier.Text),
        .. root.DescendantNodes().OfType<ParameterSyntax>().Select(p => p.Identifier.Text),
        .. root.DescendantNodes().OfType<VariableDeclaratorSyntax>().Select(v => v.Identifier.Text),
        .. root.DescendantNodes().OfType<MethodDeclarationSyntax>().Select(m => m.Identifier.Text),
    ];

    private static bool CanBeType(SimpleNameSyntax name) => name.Parent switch
    {
        MemberAccessExpressionSyntax access => access.Expression == name,
        QualifiedNameSyntax => true,
        MemberBindingExpressionSyntax or NameColonSyntax or NameEqualsSyntax => false,
        AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } set => set.Left != name,
        _ => true,
    };
}
