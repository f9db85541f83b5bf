using System.IO.Compression;

namespace GanPipeline.Scripts.Tests;

/// <summary>
/// A checkout in small: the real scripts and build files, a program that prints its arguments, and two test projects. So the scripts build,
/// test and fail for real, in seconds, without touching the assemblies that run this.
/// </summary>
public sealed class SmallTree : IDisposable
{
    private static readonly string[] _copied =
    [
        "gan", "gan.ps1", "global.json", "eng/build.sh", "eng/test.sh", "eng/problems.txt",
        "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "Directory.Solution.props",
        "src/Training/build/GanPipeline.Training.targets", "src/Training/build/WeakenSymbolVersion.cs",
    ];

    private readonly TemporaryFolder _folder = new();

    public SmallTree()
    {
        foreach (var file in _copied)
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(_folder[file])!);
            File.Copy(System.IO.Path.Combine(Repository.Root, file), _folder[file]);
        }
        // The analyzer would be asked for beside the package that a test asks for.
        File.WriteAllLines(_folder["Directory.Packages.props"],
            File.ReadAllLines(_folder["Directory.Packages.props"])
                .Where(line => !line.Contains("<GlobalPackageReference", StringComparison.Ordinal)));
        Write("src/Cli/GanPipeline.Cli.csproj", Project("<OutputType>Exe</OutputType><AssemblyName>gan</AssemblyName>"));
        Program("return args is [\"wrong\"] ? 2 : 0;");
        Write("src/Cli/Nothing.cs", "");
        Write("tests/First/GanPipeline.First.Tests.csproj", TestProject);
        Write("tests/First/Tests.cs", """
            using Xunit;
            public class Colours
            {
                [Fact] public void Red_passes() { }
                [Fact] public void Green_passes() { }
                [Fact(Skip = "needs paint")] public void Blue_is_skipped() { }
                [Fact] public void Black_fails() => Assert.Fail("too dark");
            }
            """);
        Write("tests/Second/GanPipeline.Second.Tests.csproj", TestProject);
        Write("tests/Second/Tests.cs", """
            using Xunit;
            public class Sounds
            {
                [Fact] public void A_bang_ends_the_process() => System.Environment.Exit(3);
            }
            """);
        Write("GanPipeline.sln", Solution("src/Cli/GanPipeline.Cli.csproj", "tests/First/GanPipeline.First.Tests.csproj",
            "tests/Second/GanPipeline.Second.Tests.csproj"));
    }

    public string Path => _folder.Path;

    public string this[string relative] => _folder[relative];

    public void Write(string relative, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(_folder[relative])!);
        File.WriteAllText(_folder[relative], text);
    }

    /// <summary>Gives the program another ending.</summary>
    public void Program(string ending) => Write("src/Cli/Program.cs", $"System.Console.WriteLine(string.Join('|', args));\n{ending}\n");

    /// <summary>Adds a studio, which says whether the program that it is told of is there, and its arguments.</summary>
    public void Studio()
    {
        Write("src/Studio/GanPipeline.Studio.csproj", Project("<OutputType>Exe</OutputType>"));
        Write("src/Studio/Program.cs", """
            var gan = System.Environment.GetEnvironmentVariable("GAN_PROGRAM");
            System.Console.WriteLine($"{System.IO.Path.GetFileName(gan)} {System.IO.File.Exists(gan)}|{string.Join('|', args)}");
            """);
    }

    /// <summary>Makes the program need a package of the project, here TorchSharp, and a given feed the only one.</summary>
    /// <param name="feed">A folder or address; null for no feed at all.</param>
    public void NeedPackage(string? feed)
    {
        Write("src/Cli/GanPipeline.Cli.csproj", Project("<OutputType>Exe</OutputType><AssemblyName>gan</AssemblyName>",
            "<PackageReference Include=\"TorchSharp\" />"));
        Write("NuGet.config", $"""
            <configuration>
              <packageSources><clear />{(feed is null ? "" : $"<add key=\"only\" value=\"{feed}\" />")}</packageSources>
              <fallbackPackageFolders><clear /></fallbackPackageFolders>
            </configuration>
            """);
    }

    /// <summary>Writes a package of a name and version, and a file of so many bytes that do not compress.</summary>
    public void WritePackage(string feed, string id, string version, int bytes = 0)
    {
        Directory.CreateDirectory(feed);
        using var package = ZipFile.Open(System.IO.Path.Combine(feed, $"{id}.{version}.nupkg"), ZipArchiveMode.Create);
        using (var writer = new StreamWriter(package.CreateEntry(id + ".nuspec").Open()))
        {
            writer.Write($"""
                <package><metadata><id>{id}</id><version>{version}</version>
                <authors>a</authors><description>d</description></metadata></package>
                """);
        }
        var noise = new byte[bytes];
        new Random(1).NextBytes(noise);
        using var content = package.CreateEntry("lib/net10.0/content.bin").Open();
        content.Write(noise);
    }

    public void Dispose() => _folder.Dispose();

    private static string Project(string properties, string items = "") => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <GenerateDocumentationFile>false</GenerateDocumentationFile>
            {properties}
          </PropertyGroup>
          <ItemGroup>{items}</ItemGroup>
        </Project>
        """;

    private static string TestProject => Project("<NoWarn>$(NoWarn);CA1050;CA1515;CA1707</NoWarn>", """
        <PackageReference Include="Microsoft.NET.Test.Sdk" /><PackageReference Include="xunit" />
        <PackageReference Include="xunit.runner.visualstudio" />
        """);

    private static string Solution(params string[] projects)
    {
        var ids = projects.Select((_, i) => $"{{00000000-0000-0000-0000-00000000000{i}}}").ToArray();
        string[] configurations = ["Debug|Any CPU", "Release|Any CPU"];
        return string.Join('\n',
        [
            "Microsoft Visual Studio Solution File, Format Version 12.00",
            .. projects.Zip(ids, (p, id) =>
                "Project(\"{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}\") = " +
                $"\"{System.IO.Path.GetFileNameWithoutExtension(p)}\", \"{p}\", \"{id}\"\nEndProject"),
            "Global", "GlobalSection(SolutionConfigurationPlatforms) = preSolution",
            .. configurations.Select(c => $"{c} = {c}"),
            "EndGlobalSection", "GlobalSection(ProjectConfigurationPlatforms) = postSolution",
            .. ids.SelectMany(id => configurations.SelectMany(c => new[] { $"{id}.{c}.ActiveCfg = {c}", $"{id}.{c}.Build.0 = {c}" })),
            "EndGlobalSection", "EndGlobal", "",
        ]);
    }
}
