namespace GanPipeline.Structure.Tests;

/// <summary>Data flows one way through the tree.</summary>
public sealed class FolderTests
{
    private static readonly string _sources = Path.Combine(Repository.Root, "src");

    public static TheoryData<string> Projects =>
        [.. Directory.EnumerateDirectories(_sources).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_of_a_project_have_no_cycle(string project)
    {
        var cycle = new SourceTree(Path.Combine(_sources, project)).FindCycle();
        Assert.True(cycle is null, string.Join(Environment.NewLine, cycle ?? []));
    }

    [Fact]
    public void A_cycle_is_found()
    {
        var tree = new SourceTree(
            ("A", "A/One.cs", "class One { Two two; }"), ("B", "B/Two.cs", "class Two { void M() => Three.Make(); }"),
                ("C", "C/Three.cs", "class Three : One { }"));
        Assert.Equal(["A -> B: A/One.cs names Two", "B -> C: B/Two.cs names Three", "C -> A: C/Three.cs names One"], tree.FindCycle());
    }

    [Fact]
    public void Members_of_the_same_name_and_comments_are_no_use_of_a_type()
    {
        var tree = new SourceTree(
            ("A", "A/One.cs", "/// <see cref=\"Two\"/>\nclass One { int n; int M(One x) => x.Two; }"),
                ("B", "B/Two.cs", "class Two { One one; }"));
        Assert.Null(tree.FindCycle());
    }
}
