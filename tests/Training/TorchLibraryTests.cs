using System.Diagnostics;
using System.Runtime.InteropServices;

namespace GanPipeline.Training.Tests;

/// <summary>Where libtorch cannot be used, one message says what is missing and what to do.</summary>
public class TorchLibraryTests
{
    // As glibc's loader and .NET report it.
    private static DllNotFoundException NotLoaded(string library, params string[] attempts) => new(
        $"Unable to load shared library '{library}' or one of its dependencies. In order to help diagnose loading problems, consider " +
        "using a tool like strace. If you're using glibc, consider setting the LD_DEBUG environment variable: \n" + string.Join(
            '\n',
            attempts));

    [Theory]
    [InlineData("linux-x64", true, null)]
    [InlineData("debian.12-x64", true, null)]
    [InlineData("win-x64", true, null)]
    [InlineData("osx-arm64", false, null)]
    [InlineData("linux-x64", false, "AVX2")]
    [InlineData("win-x64", false, "AVX2")]
    [InlineData("linux-musl-x64", true, "musl")]
    [InlineData("alpine.3.20-x64", true, "musl")]
    [InlineData("linux-musl-arm64", false, "musl")]
    [InlineData("linux-arm64", false, "linux-arm64")]
    [InlineData("osx-x64", true, "Intel")]
    public void Systems_without_libtorch_are_named(string runtime, bool hasAvx2, string? what)
    {
        var obstacle = TorchLibrary.Obstacle(runtime, hasAvx2);
        if (what is null) Assert.Null(obstacle);
        else
        {
            Assert.Contains(what, obstacle, StringComparison.Ordinal);
            Assert.Contains("GanPipeline.Inference", obstacle, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("linux-x64", "libtorch-cpu-linux-x64 2.10.0")]
    [InlineData("win-x64", "libtorch-cpu-win-x64 2.10.0")]
    [InlineData("osx-arm64", "libtorch-cpu-osx-arm64 2.10.0")]
    public void An_absent_library_is_named_by_its_package(string runtime, string package) => Assert.Contains(package, TorchLibrary.Explain(
        NotLoaded("torch_cpu", "/app/libtorch_cpu.so: cannot open shared object file: No such file or directory",
            "torch_cpu: cannot open shared object file: No such file or directory"), runtime), StringComparison.Ordinal);

    [Fact]
    public void An_older_libstdcxx_leads_to_the_targets_file()
    {
        var message = TorchLibrary.Explain(new TypeInitializationException("TorchSharp.torch", NotLoaded("LibTorchSharp",
            "/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /app/libLibTorchSharp.so)",
            "/app/liblibLibTorchSharp.so: cannot open shared object file: No such file or directory")), "linux-x64");
        Assert.Contains("GLIBCXX_3.4.32", message, StringComparison.Ordinal);
        Assert.Contains("Debian 12 and Ubuntu 22.04", message, StringComparison.Ordinal);
        Assert.Contains("Debian 13, Ubuntu 24.04 and Fedora 38", message, StringComparison.Ordinal);
        Assert.Contains("GanWeakenTorchSharp", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_causes_are_told_apart()
    {
        Assert.Contains("GLIBC_2.99", TorchLibrary.Explain(NotLoaded("torch_cpu",
            "/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.99' not found (required by /app/libtorch_cpu.so)"), "linux-x64"),
            StringComparison.Ordinal);
        Assert.Contains("the library libgomp.so.1, which this system lacks", TorchLibrary.Explain(NotLoaded("torch_cpu",
            "libgomp.so.1: cannot open shared object file: No such file or directory",
            "/app/libtorch_cpu.so: cannot open shared object file: No such file or directory"), "linux-x64"), StringComparison.Ordinal);
        Assert.Contains("do not fit together", TorchLibrary.Explain(
            new EntryPointNotFoundException("Unable to find an entry point named 'THSTensor_new' in shared library 'LibTorchSharp'."),
            "linux-x64"), StringComparison.Ordinal);
        Assert.Equal("libtorch cannot be loaded: bad image",
            TorchLibrary.Explain(new BadImageFormatException("bad image\nmore"), "linux-x64"));
    }

    [Fact]
    public async Task A_processor_without_AVX2_is_told_before_anything_is_loaded()
    {
        if (!RuntimeInformation.RuntimeIdentifier.EndsWith("-x64", StringComparison.Ordinal)) return;
        using var folder = new TemporaryFolder();
        var start = TrainingProcess.Start(folder["run"], 1);
        start.Environment["DOTNET_EnableAVX2"] = "0";
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(2, process.ExitCode);
        Assert.Equal(TorchLibrary.Obstacle(RuntimeInformation.RuntimeIdentifier, hasAvx2: false), error.Trim());
        Assert.Equal("", await output);
    }

    [Theory]
    [InlineData(null, "PASSIVE", "3000")]
    [InlineData("PASSIVE", "PASSIVE", "0")]
    [InlineData("ACTIVE", "ACTIVE", "30000000000")]
    public async Task Threads_that_wait_give_the_processor_away_after_a_moment_unless_the_user_says_otherwise(
        string? given, string used, string spins)
    {
        // GNU's OpenMP, which libtorch for Linux brings, prints what it was told when it is loaded.
        if (!OperatingSystem.IsLinux()) return;
        using var folder = new TemporaryFolder();
        var start = TrainingProcess.Start(folder["run"], 1);
        start.Environment["OMP_DISPLAY_ENV"] = "verbose";
        start.Environment.Remove("OMP_WAIT_POLICY");
        start.Environment.Remove("GOMP_SPINCOUNT");
        if (given is not null) start.Environment["OMP_WAIT_POLICY"] = given;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        Assert.Contains($"OMP_WAIT_POLICY = '{used}'", error, StringComparison.Ordinal);
        Assert.Contains($"GOMP_SPINCOUNT = '{spins}'", error, StringComparison.Ordinal);
        await output;
    }
}
