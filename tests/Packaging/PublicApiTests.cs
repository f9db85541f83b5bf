using System.Reflection;
using PublicApiGenerator;

namespace GanPipeline.Packaging.Tests;

/// <summary>
/// Each library's public API against tests/PublicApi. A change that is meant is written there by
/// <c>GAN_WRITE_API=1 ./gan test PublicApiTests</c>, and read in the commit.
/// </summary>
public class PublicApiTests
{
    private static readonly string _folder = Path.Combine(Repository.Root, "tests", "PublicApi");

    [Theory]
    [MemberData(nameof(Libraries.Each), MemberType = typeof(Libraries))]
    public void Public_API_is_the_one_on_record(string library)
    {
        var api = Assembly.Load(library).GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false })
            .ReplaceLineEndings("\n")
            .Trim() + "\n";
        var file = Path.Combine(_folder, library + ".txt");
        if (Environment.GetEnvironmentVariable("GAN_WRITE_API") == "1")
        {
            Directory.CreateDirectory(_folder);
            File.WriteAllText(file, api);
        }
        Assert.True(File.Exists(file), $"{library} has no record of its public API. GAN_WRITE_API=1 ./gan test PublicApiTests writes it.");
        var recorded = File.ReadAllText(file).ReplaceLineEndings("\n").Split('\n');
        var built = api.Split('\n');
        var changes = built.Except(recorded).Select(l => "+ " + l.Trim()).Concat(recorded.Except(built).Select(l => "- " + l.Trim()))
            .ToArray();
        Assert.True(recorded.SequenceEqual(
            built), $"The public API of {library} is not the one in tests/PublicApi/{library}.txt. If that is meant, " +
            $"GAN_WRITE_API=1 ./gan test PublicApiTests writes it.\n{string.Join('\n', changes)}");
    }

    [Fact]
    public void Every_record_is_of_a_library()
    {
        var records = Directory.Exists(_folder) ? Directory.GetFiles(_folder).Select(Path.GetFileNameWithoutExtension) : [];
        Assert.Subset(Libraries.Names.ToHashSet(), records.ToHashSet()!);
    }
}
