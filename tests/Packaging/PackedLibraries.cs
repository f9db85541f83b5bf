using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;

namespace GanPipeline.Packaging.Tests;

/// <summary>Everything under src/, packed as it was built, into a folder of its own.</summary>
public sealed class PackedLibraries : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PackedLibraries()
    {
        // One call for all; the projects that are no packages give none.
        File.WriteAllText(_folder["pack.proj"], $"""
            <Project>
              <Target Name="Pack">
                <ItemGroup><Project Include="{Repository.Root}/src/*/*.csproj" /></ItemGroup>
                <MSBuild Projects="@(Project)" Targets="Pack"
                         Properties="Configuration={Configuration};NoBuild=true;PackageOutputPath={Path}" />
              </Target>
            </Project>
            """);
        Dotnet(_folder.Path, "msbuild", _folder["pack.proj"], "-t:Pack", "-nologo", "-v:q", "-nodeReuse:false");
    }

    /// <summary>The folder with the packages, which is a feed.</summary>
    public string Path => Directory.CreateDirectory(_folder["packages"]).FullName;

    private static string Configuration { get; }
        = System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    public ZipArchive Open(string library, string extension = "nupkg") =>
        ZipFile.OpenRead(Directory.GetFiles(Path, $"{library}.*.{extension}")
            .Single(f => char.IsAsciiDigit(System.IO.Path.GetFileName(f)[library.Length + 1])));

    /// <summary>The package's metadata element.</summary>
    public XElement Metadata(string library)
    {
        using var package = Open(library);
        using var nuspec = package.GetEntry(library + ".nuspec")!.Open();
        return XDocument.Load(nuspec).Root!.Elements().Single(e => e.Name.LocalName == "metadata");
    }

    /// <summary>Runs dotnet, which must succeed.</summary>
    /// <returns>What it printed.</returns>
    public static string Dotnet(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var key in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(key);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(
            process.ExitCode == 0,
            $"dotnet {string.Join(' ', arguments)}: {process.ExitCode}\n{output[..Math.Min(output.Length, 3000)]}\n{error.Result}");
        return output;
    }

    public void Dispose() => _folder.Dispose();
}
