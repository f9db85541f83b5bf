using System.Xml.Linq;

namespace GanPipeline.Packaging.Tests;

[Collection(Packed.Name)]
public class PackageTests(PackedLibraries packed)
{
    // Nobody installs Torch for these, directly or not.
    private static readonly string[] _withoutTorch =
    [
        "GanPipeline.Core", "GanPipeline.Data", "GanPipeline.Inference", "GanPipeline.Jobs", "GanPipeline.Hosting",
        "GanPipeline.Evaluation", "GanPipeline.ML",
    ];

    public static TheoryData<string> TorchFree => [.. _withoutTorch.Intersect(Libraries.Names)];

    [Fact]
    public void Every_library_and_nothing_else_is_a_package()
    {
        var packages = Directory.GetFiles(packed.Path, "*.nupkg")
            .Select(f => System.Text.RegularExpressions.Regex.Replace(Path.GetFileName(f), @"\.\d.*", ""));
        Assert.Equal(Libraries.Names, packages.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Libraries.Each), MemberType = typeof(Libraries))]
    public void A_package_says_what_it_is(string library)
    {
        var metadata = packed.Metadata(library);
        string Of(string name) => metadata.Elements().FirstOrDefault(e => e.Name.LocalName == name)?.Value ?? "";
        Assert.Equal("MIT", Of("license"));
        Assert.Equal("README.md", Of("readme"));
        Assert.NotEqual("Package Description", Of("description"));
        Assert.True(Of("description").Length > 20, "the description says nothing");
        Assert.True(Of("tags").Split(' ').Length > 4, "no tags but those of every package");

        using var package = packed.Open(library);
        var files = package.Entries.Select(e => e.FullName).ToHashSet();
        Assert.Subset(files, new HashSet<string> { "README.md", $"lib/net10.0/{library}.dll", $"lib/net10.0/{library}.xml" });
        using var readme = new StreamReader(package.GetEntry("README.md")!.Open());
        Assert.StartsWith($"# {library}\n", readme.ReadToEnd().ReplaceLineEndings("\n"), StringComparison.Ordinal);

        using var symbols = packed.Open(library, "snupkg");
        Assert.NotNull(symbols.GetEntry($"lib/net10.0/{library}.pdb"));
    }

    [Theory]
    [MemberData(nameof(Libraries.Each), MemberType = typeof(Libraries))]
    public void Symbols_bring_the_sources_along(string library)
    {
        using var package = packed.Open(library, "snupkg");
        using var pdb = new MemoryStream();
        using (var entry = package.GetEntry($"lib/net10.0/{library}.pdb")!.Open()) entry.CopyTo(pdb);
        pdb.Position = 0;
        using var provider = System.Reflection.Metadata.MetadataReaderProvider.FromPortablePdbStream(pdb);
        var reader = provider.GetMetadataReader();
        // Portable PDB format, "Embedded Source".
        var embedded = new Guid("0E8A571B-6926-466E-B4AD-8AB04611F5FE");
        foreach (var document in reader.Documents)
        {
            Assert.Contains(reader.GetCustomDebugInformation(document),
                i => reader.GetGuid(reader.GetCustomDebugInformation(i).Kind) == embedded);
        }
    }

    [Theory]
    [MemberData(nameof(Libraries.Each), MemberType = typeof(Libraries))]
    public void Dependencies_are_minimum_versions_and_bring_no_natives(string library)
    {
        // ML.NET's own package brings Skia's native library for Linux, whose version is to be that of the managed part.
        var bringsSkia = Dependencies(library).Any(dependency => dependency.Id == "Microsoft.ML.ImageAnalytics");
        foreach (var (id, version) in Dependencies(library))
        {
            Assert.DoesNotContain('[', version);
            Assert.False(id.StartsWith("libtorch", StringComparison.OrdinalIgnoreCase)
                || (id.Contains("NativeAssets.Linux", StringComparison.Ordinal) && !bringsSkia) ||
                id is "TorchSharp-cpu" or "Microsoft.ML.OnnxRuntime" or "Microsoft.ML.OnnxRuntime.Gpu",
                $"{library} chooses the native library {id}");
        }
    }

    [Theory]
    [MemberData(nameof(TorchFree))]
    public void Torch_does_not_come_along(string library)
    {
        var all = new HashSet<string>();
        var next = new Queue<string>([library]);
        while (next.TryDequeue(out var name))
        {
            foreach (var (id, _) in Dependencies(name))
                if (all.Add(id) && Libraries.Names.Contains(id)) next.Enqueue(id);
        }
        Assert.DoesNotContain(all, id => id.Contains("torch", StringComparison.OrdinalIgnoreCase));
    }

    private IEnumerable<(string Id, string Version)> Dependencies(string library) => packed.Metadata(library).Descendants()
        .Where(e => e.Name.LocalName == "dependency").Select((XElement e) => (e.Attribute("id")!.Value, e.Attribute("version")!.Value));
}
