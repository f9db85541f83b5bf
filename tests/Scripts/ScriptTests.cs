using System.Text.RegularExpressions;

namespace GanPipeline.Scripts.Tests;

/// <summary>What a script does with a checkout in small; the same for gan and gan.ps1, which say it in the same words.</summary>
public abstract class ScriptTests(string name) : IDisposable
{
    private static readonly Dictionary<string, string?> _plain = [];
    private readonly SmallTree _tree = new();
    private readonly Script _script = new(name);

    public void Dispose()
    {
        _tree.Dispose();
        GC.SuppressFinalize(this);
    }

    protected void Check_program_is_built_once_and_again_after_a_change()
    {
        var first = Gan(_plain, "run", "two words", "--out", "");
        Assert.Equal(0, first.Code);
        Assert.Equal("run|two words|--out|", first.Output.Trim());
        Assert.StartsWith("gan: building src/Cli/GanPipeline.Cli.csproj", Assert.Single(first.ErrorLines), StringComparison.Ordinal);

        var second = Gan(_plain, "wrong");
        Assert.Equal(2, second.Code);
        Assert.Empty(second.Error);

        // A file that is gone is a change, too.
        File.Delete(_tree["src/Cli/Nothing.cs"]);
        Assert.Single(Gan(_plain).ErrorLines);

        // What does not compile is told with its place, and nothing old is run.
        _tree.Program("return seven;");
        var broken = Gan(_plain, "run");
        Assert.Equal(1, broken.Code);
        Assert.Empty(broken.Output);
        Assert.Contains(broken.ErrorLines, l => l.Contains("Program.cs(2,8): error CS0103", StringComparison.Ordinal));
        Assert.Contains(
            broken.ErrorLines,
            l => l.StartsWith("gan: the build of src/Cli/GanPipeline.Cli.csproj failed", StringComparison.Ordinal));
    }

    protected void Check_the_studio_is_told_of_the_program()
    {
        _tree.Studio();
        var studio = Gan(_plain, "studio", "--port", "0");
        Assert.Equal((0, "gan.dll True|--port|0"), (studio.Code, studio.Output.Trim()));
        Assert.Equal(2, studio.ErrorLines.Length);
    }

    protected void Check_one_of_several_processes_does_not_build()
    {
        var started = Gan(new Dictionary<string, string?> { ["OMPI_COMM_WORLD_SIZE"] = "2" }, "run");
        Assert.Equal(2, started.Code);
        Assert.Contains("gan: Run ./gan list once by itself, then start them again.", started.ErrorLines);
        Assert.Equal(0, Gan(new Dictionary<string, string?> { ["PMI_SIZE"] = "1" }, "run").Code);
        // What is built runs in any number of processes.
        Assert.Equal("run", Gan(new Dictionary<string, string?> { ["PMI_SIZE"] = "4" }, "run").Output.Trim());
    }

    protected void Check_tests_are_counted_and_a_crash_is_a_failure()
    {
        var all = Gan(_plain, "test");
        Assert.Equal(1, all.Code);
        Assert.Equal("2 passed, 2 failed, 1 skipped", all.OutputLines[^1]);
        Assert.Contains(
            all.OutputLines,
            l => l.StartsWith("GanPipeline.First.Tests: 2 passed, 1 failed, 1 skipped", StringComparison.Ordinal));
        Assert.Contains(
            all.OutputLines,
            l => l.StartsWith("GanPipeline.Second.Tests: 0 passed, 1 failed, 0 skipped", StringComparison.Ordinal));
        Assert.Contains(all.OutputLines, l => l.StartsWith("Failed Colours.Black_fails", StringComparison.Ordinal));
        Assert.Contains("too dark", all.Output, StringComparison.Ordinal);
        Assert.Contains(all.OutputLines, l => l.StartsWith("Skipped Colours.Blue_is_skipped", StringComparison.Ordinal));
        Assert.DoesNotContain("Red_passes", all.Output, StringComparison.Ordinal);
        // The failures come once more at the end, without their stacks.
        var recap = all.OutputLines[(Array.IndexOf(all.OutputLines, "What failed:") + 1)..];
        Assert.StartsWith("Failed Colours.Black_fails", recap[0], StringComparison.Ordinal);
        Assert.Contains(recap, l => l.Contains("too dark", StringComparison.Ordinal));
        Assert.Contains("Failed GanPipeline.Second.Tests: the run itself failed", recap);
        Assert.DoesNotContain(recap, l => l.StartsWith("at ", StringComparison.Ordinal));

        var some = Gan(_plain, "test", "Colours.Red");
        Assert.Equal((0, "1 passed, 0 failed, 0 skipped"), (some.Code, some.OutputLines[^1]));

        var none = Gan(_plain, "test", "Smells");
        Assert.Equal((2, "0 passed, 0 failed, 0 skipped"), (none.Code, none.OutputLines[^1]));
        Assert.Equal("gan: no test's full name contains 'Smells'.", none.ErrorLines[^1]);
    }

    protected void Check_missing_and_older_SDKs_are_told()
    {
        using var programs = new TemporaryFolder();
        foreach (var folder in Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Where(Directory.Exists))
            foreach (var file in Directory.EnumerateFiles(folder).Where(f => !File.Exists(programs[Path.GetFileName(f)])))
                if (Path.GetFileName(file) != "dotnet") File.CreateSymbolicLink(programs[Path.GetFileName(file)], file);
        var path = new Dictionary<string, string?> { ["PATH"] = programs.Path };
        var missing = Gan(path, "list");
        Assert.Equal(2, missing.Code);
        Assert.Equal("gan: the .NET SDK 10 is missing: there is no 'dotnet' on the PATH.", missing.ErrorLines[0]);
        Assert.Contains("run this command again", missing.ErrorLines[^1], StringComparison.Ordinal);

        File.WriteAllText(
            programs["dotnet"],
            "#!/bin/bash\n[ \"$1\" = --list-sdks ] && echo '8.0.404 [/usr/share/dotnet/sdk]' && exit 0\nexit 145\n");
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(programs["dotnet"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var older = Gan(path, "list");
        Assert.Equal(2, older.Code);
        Assert.Equal($"gan: the .NET SDK 10 is missing: {programs["dotnet"]} has 8.0.404.", older.ErrorLines[0]);
    }

    protected void Check_a_configuration_without_feeds_is_told()
    {
        using var packages = new TemporaryFolder();
        _tree.NeedPackage(null);
        Assert.Equal("gan: no package feed is configured that could give TorchSharp (>= 0.107.0).",
            Refused(new Dictionary<string, string?> { ["NUGET_PACKAGES"] = packages.Path }));
    }

    protected void Check_what_a_feed_lacks_is_told()
    {
        using var packages = new TemporaryFolder();
        using var feed = new TemporaryFolder();
        var own = new Dictionary<string, string?> { ["NUGET_PACKAGES"] = packages.Path };

        _tree.NeedPackage("https://127.0.0.1:9/index.json");
        Assert.StartsWith(
            "gan: the package feed could not be reached: Unable to load the service index",
            Refused(own),
            StringComparison.Ordinal);
        _tree.NeedPackage(feed["nowhere"]);
        Assert.StartsWith("gan: the package feed could not be reached: The local source", Refused(own), StringComparison.Ordinal);

        _tree.NeedPackage(feed.Path);
        const string lacks = "gan: no package feed has TorchSharp in the version that Directory.Packages.props names.";
        Assert.Equal(lacks, Refused(own));
        _tree.WritePackage(feed.Path, "TorchSharp", "0.106.0");
        Assert.Equal(lacks, Refused(own));
        _tree.WritePackage(feed.Path, "TorchSharp", "0.107.0-beta");
        Assert.Equal(lacks, Refused(own));
        _tree.WritePackage(feed.Path, "TorchSharp", "0.108.0");
        Assert.Equal("gan: no package feed has TorchSharp (>= 0.107.0), which Directory.Packages.props names.", Refused(own));
    }

    protected void Check_a_full_disk_is_told()
    {
        using var feed = new TemporaryFolder();
        using var packages = new TemporaryFolder();
        using var disk = new SmallDisk(packages["disk"], kilobytes: 1000);
        _tree.WritePackage(feed.Path, "TorchSharp", "0.107.0", bytes: 3_000_000);
        _tree.NeedPackage(feed.Path);
        Assert.StartsWith("gan: there is no space left on the disk.",
            Refused(new Dictionary<string, string?> { ["NUGET_PACKAGES"] = packages["disk"] }), StringComparison.Ordinal);
    }

    protected void Check_systems_without_libtorch_are_told()
    {
        using var packages = new TemporaryFolder();
        _tree.Write("src/Cli/GanPipeline.Cli.csproj", File.ReadAllText(_tree["src/Cli/GanPipeline.Cli.csproj"])
            .Replace("<OutputType>", "<NativeLibraries>Torch</NativeLibraries><OutputType>", StringComparison.Ordinal));
        // As on such a system, and without a feed: the system is told, not the feed.
        foreach (var (system, told) in new[] { ("linux-musl-x64", "musl systems such as Alpine"), ("linux-arm64", "Linux on arm64") })
        {
            _tree.Write("NuGet.config", "<configuration><packageSources><clear /></packageSources></configuration>");
            var environment = new Dictionary<string, string?> { ["NUGET_PACKAGES"] = packages.Path, ["RuntimeIdentifier"] = system };
            Assert.StartsWith($"gan: TorchSharp has no libtorch for {told}", Refused(environment), StringComparison.Ordinal);
        }
    }

    /// <summary>The real program in the real checkout, as built.</summary>
    protected void Check_the_program_lists_its_pipelines_and_refuses_a_wrong_command()
    {
        var asIs = new Dictionary<string, string?> { ["GAN_NO_BUILD"] = "1" };
        var list = _script.Call(Repository.Root, asIs, "list");
        Assert.Equal((0, ""), (list.Code, list.Error));
        Assert.Contains(list.OutputLines, l => l.StartsWith("quickstart ", StringComparison.Ordinal));
        var wrong = _script.Call(Repository.Root, asIs, "lisst");
        Assert.Equal((2, ""), (wrong.Code, wrong.Output));
        Assert.Contains("lisst", wrong.Error, StringComparison.Ordinal);
    }

    private Outcome Gan(IReadOnlyDictionary<string, string?> environment, params string[] arguments)
        => _script.Call(_tree.Path, environment, arguments);

    /// <summary>The first line after the notice of the build.</summary>
    private string Refused(IReadOnlyDictionary<string, string?> environment)
    {
        var outcome = Gan(environment, "list");
        Assert.True(outcome.Code == 2, outcome.ToString());
        Assert.Empty(outcome.Output);
        Assert.StartsWith("gan: building ", outcome.ErrorLines[0], StringComparison.Ordinal);
        Assert.All(outcome.ErrorLines, line => Assert.StartsWith("gan: ", line, StringComparison.Ordinal));
        Assert.Equal(outcome.ErrorLines[1], "gan: " + ToldByDotnet(File.ReadAllText(_tree["artifacts/built/GanPipeline.Cli.csproj.log"])));
        return outcome.ErrorLines[1];
    }

    /// <summary>What gan.ps1 finds in a build's output: eng/problems.txt is read by two kinds of regular expressions.</summary>
    private static string? ToldByDotnet(string log)
    {
        foreach (var paragraph in File.ReadAllText(Path.Combine(Repository.Root, "eng", "problems.txt")).Split("\n\n"))
        {
            var lines = paragraph.Split('\n').Where(l => l.Length > 0 && l[0] != '#').ToArray();
            if (lines.Length == 0) continue;
            var match = Regex.Match(log, lines[0].Replace("[:cntrl:]", @"\r\n", StringComparison.Ordinal));
            if (match.Success)
                return lines[1].Replace("{1}", match.Groups[1].Value, StringComparison.Ordinal)
                    .Replace("{2}", match.Groups[2].Value, StringComparison.Ordinal);
        }
        return null;
    }
}
