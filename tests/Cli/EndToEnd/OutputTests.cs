using System.Diagnostics;

namespace GanPipeline.Cli.Tests;

/// <summary>Where what comes out goes: folders that hold something already, and a standard output that takes nothing.</summary>
public sealed class OutputTests : IDisposable
{
    private static readonly string _plain = Path.Combine(Repository.Root, "tests", "Inference", "models", "conditional.onnx");

    private readonly TemporaryFolder _folder = new();

    private string[] Names => [.. Directory.GetFiles(_folder["out"]).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    private Outcome Generate(params string[] args) => InProcess.Gan(["generate", _plain, "--out", _folder["out"], .. args]);

    [Fact]
    public void Pictures_of_two_requests_do_not_mix()
    {
        Assert.Equal(0, Generate("--count", "4").Code);
        Assert.Equal(0, Generate("--count", "2").Code);
        Assert.Equal(["000000.png", "000001.png", "generated.json", "labels.csv"], Names);

        // Another part of the same set goes beside it.
        Assert.Equal(0, Generate("--first", "2", "--count", "2").Code);
        Assert.Equal(["000000.png", "000001.png", "000002.png", "000003.png", "generated-2.json", "generated.json"],
            Names.Where(name => !name.StartsWith("labels", StringComparison.Ordinal)));

        foreach (var other in new[] { new[] { "--seed", "1" }, ["--label", "class=dog"] })
        {
            var refused = Generate([.. other, "--count", "2"]);
            Assert.Equal(2, refused.Code);
            Assert.Contains("holds pictures of another model, seed, label or truncation. Give another folder with --out", refused.Error,
                StringComparison.Ordinal);
        }
        Assert.Equal(4, Names.Count(name => name.EndsWith(".png", StringComparison.Ordinal)));
    }

    [Fact]
    public void Pictures_that_it_did_not_write_are_not_overwritten()
    {
        Directory.CreateDirectory(_folder["out"]);
        File.WriteAllBytes(_folder["out/000001.png"], [1, 2, 3]);
        var refused = Generate("--count", "2");
        Assert.Equal(2, refused.Code);
        Assert.Contains("holds 000001.png, which gan generate did not write.", refused.Error, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(_folder["out/000001.png"]));
        Assert.Equal(0, Generate("--count", "1").Code);
        Assert.Equal(0, Generate("--grid", "--count", "4").Code);
    }

    [UnixFact]
    public void A_standard_output_that_takes_nothing_is_told_as_that()
    {
        // With standard input closed as well, the runtime's own first pipe takes the place of both.
        foreach (var (redirection, reason) in new[]
        {
            ("</dev/null >&-", "It is closed."), ("<&- >&-", "It is closed."), ("</dev/null >/dev/full", "No space left on device"),
        })
        {
            if (redirection.EndsWith("full", StringComparison.Ordinal) && !File.Exists("/dev/full")) continue;
            foreach (var json in new[] { "", " --json" })
            {
                var start = new ProcessStartInfo(
                    "sh", ["-c", $"dotnet '{Repository.Gan}' list{json} {redirection}"])
                {
                    RedirectStandardError = true, RedirectStandardOutput = true,
                };
                start.Environment["GAN_ROOT"] = Repository.Root;
                using var process = Process.Start(start)!;
                var error = process.StandardError.ReadToEnd();
                process.WaitForExit();
                Assert.Contains($"Standard output cannot be written: {reason}", error, StringComparison.Ordinal);
                Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
                Assert.Equal(1, process.ExitCode);
            }
        }
    }

    public void Dispose() => _folder.Dispose();
}
