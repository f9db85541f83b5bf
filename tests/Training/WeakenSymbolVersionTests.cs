using System.Buffers.Binary;
using System.Collections;
using System.Text;
using GanPipeline.Training.Build;
using Microsoft.Build.Framework;

namespace GanPipeline.Training.Tests;

/// <summary>The build's change to TorchSharp's native library, on copies of it.</summary>
public class WeakenSymbolVersionTests
{
    private const string SymbolVersion = "GLIBCXX_3.4.32";
    private const string Marker = "_ZSt21ios_base_library_initv";
    private const int FlagsAfterHash = 4;

    private static string Library => Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so");

    [LinuxFact]
    public void The_library_beside_this_program_asks_for_the_version_weakly()
    {
        var elf = File.ReadAllBytes(Library);
        Assert.Equal(2, elf[FlagsAt(elf)]);
    }

    [LinuxFact]
    public void Only_the_flag_of_the_version_changes_and_only_in_the_copy()
    {
        using var folder = new TemporaryFolder();
        var original = Original();
        File.WriteAllBytes(folder["original.so"], original);
        // What was there may be a link to the package's own file, which must stay as it is.
        File.WriteAllText(folder["package.so"], "package");
        File.CreateSymbolicLink(folder["copy.so"], folder["package.so"]);

        Assert.Empty(Run(folder["original.so"], folder["copy.so"]));
        Assert.Equal(original, File.ReadAllBytes(folder["original.so"]));
        Assert.Equal("package", File.ReadAllText(folder["package.so"]));
        Assert.Equal(File.ReadAllBytes(Library), File.ReadAllBytes(folder["copy.so"]));
        Assert.Equal(["copy.so", "original.so", "package.so"], Directory.GetFiles(folder[""]).Select(Path.GetFileName).Order());

        // A second time there is nothing to change.
        Assert.Empty(Run(folder["copy.so"], folder["again.so"]));
        Assert.Equal(File.ReadAllBytes(Library), File.ReadAllBytes(folder["again.so"]));
    }

    [LinuxFact]
    public void A_library_that_uses_more_of_the_version_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["original.so"], Original());
        var error = Assert.Single(Run(folder["original.so"], folder["copy.so"], marker: "another"));
        Assert.Contains(Marker, error, StringComparison.Ordinal);
        Assert.Contains("Debian 13, Ubuntu 24.04, Fedora 38", error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["copy.so"]));
    }

    [LinuxFact]
    public void A_library_without_the_version_is_copied_as_it_is()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["original.so"], Original());
        Assert.Empty(Run(folder["original.so"], folder["copy.so"], version: "GLIBCXX_9.9.99"));
        Assert.Equal(Original(), File.ReadAllBytes(folder["copy.so"]));
    }

    [Fact]
    public void Other_files_are_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["original.so"], "no library");
        Assert.Contains("no 64-bit ELF library", Assert.Single(Run(folder["original.so"], folder["copy.so"])), StringComparison.Ordinal);
        Assert.False(File.Exists(folder["copy.so"]));
    }

    private static byte[] Original()
    {
        var elf = File.ReadAllBytes(Library);
        elf[FlagsAt(elf)] = 0;
        return elf;
    }

    /// <summary>The entry of a required version begins with the hash of its name; the flags follow.</summary>
    private static int FlagsAt(byte[] elf)
    {
        var pattern = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(pattern, Hash(SymbolVersion));
        var at = elf.AsSpan().IndexOf(pattern);
        Assert.True(at > 0 && elf.AsSpan(at + 1).IndexOf(pattern) < 0, "The hash of the version is not in the library once.");
        return at + FlagsAfterHash;
    }

    /// <summary>The hash of the System V ABI's symbol tables.</summary>
    private static uint Hash(string name)
    {
        uint hash = 0;
        foreach (var letter in Encoding.ASCII.GetBytes(name))
        {
            hash = (hash << 4) + letter;
            hash = (hash ^ ((hash & 0xf0000000) >> 24)) & 0x0fffffff;
        }
        return hash;
    }

    /// <summary>Runs the build's task; its errors, none where it succeeds.</summary>
    private static List<string> Run(string source, string destination, string version = SymbolVersion, string marker = Marker)
    {
        var engine = new Engine();
        var task = new WeakenSymbolVersion
        {
            BuildEngine = engine, Source = source, Destination = destination, SymbolVersion = version, MarkerSymbol = marker,
        };
        Assert.Equal(task.Execute(), engine.Errors.Count == 0);
        return engine.Errors;
    }

    private sealed class LinuxFactAttribute : FactAttribute
    {
        public LinuxFactAttribute()
        {
            if (!OperatingSystem.IsLinux()) Skip = "needs Linux";
        }
    }

    private sealed class Engine : IBuildEngine
    {
        public List<string> Errors { get; } = [];
        public bool ContinueOnError => false;
        public int LineNumberOfTaskNode => 0;
        public int ColumnNumberOfTaskNode => 0;
        public string ProjectFileOfTaskNode => "";
        public void LogErrorEvent(BuildErrorEventArgs e) => Errors.Add(e.Message!);
        public void LogWarningEvent(BuildWarningEventArgs e) { }
        public void LogMessageEvent(BuildMessageEventArgs e) { }
        public void LogCustomEvent(CustomBuildEventArgs e) { }
        public bool BuildProjectFile(string projectFileName, string[] targetNames, IDictionary globalProperties, IDictionary targetOutputs)
            =>
            false;
    }
}
