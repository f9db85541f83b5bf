using System.Text.RegularExpressions;
using System.Xml.Linq;
using GanPipeline.ML.Tests;

namespace GanPipeline.Packaging.Tests;

/// <summary>An application elsewhere that gets the packages as everybody does.</summary>
[Collection(Packed.Name)]
public partial class ConsumerTests(PackedLibraries packed)
{
    private static readonly Dictionary<string, string> _versions =
        XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(e => e.Attribute("Include")!.Value, e => e.Attribute("Version")!.Value);

    [LinuxFact]
    public void An_application_trains_on_the_packages_and_gets_a_TorchSharp_that_loads()
    {
        using var folder = new TemporaryFolder();
        WriteFeeds(folder);
        WriteProject(folder["app"], "GanPipeline.Training", "libtorch-cpu-linux-x64");
        File.WriteAllText(folder["app/Program.cs"], """
            using var networks = GanPipeline.Training.Architectures.Create(
                new() { Name = "dcgan", Shape = new(1, 32, 32), Filters = 4 });
            System.Console.WriteLine(TorchSharp.torch.ones(2).sum().item<float>());
            """);
        PackedLibraries.Dotnet(folder["app"], "build", "-nologo", "-v", "q", "-o", folder["out"], "-nodeReuse:false");

        var used = Directory.GetFiles(folder["out"], "libLibTorchSharp.so", SearchOption.AllDirectories).Single();
        var stock = Path.Combine(
            UserPackages,
            "torchsharp",
            _versions["TorchSharp"],
            "runtimes",
            "linux-x64",
            "native",
            "libLibTorchSharp.so");
        var (before, after) = (File.ReadAllBytes(stock), File.ReadAllBytes(used));
        Assert.Equal(before.Length, after.Length);
        // VER_FLG_WEAK in the flags of the one version requirement.
        var changed = Enumerable.Range(0, before.Length).Single(i => before[i] != after[i]);
        Assert.Equal((0, 2), (before[changed], after[changed]));

        Assert.Equal("2", PackedLibraries.Dotnet(folder["app"], folder["out/App.dll"]).Trim());
    }

    /// <summary>The programs of src/ML/README.md, as somebody types them into new console projects.</summary>
    [LinuxFact]
    public void The_programs_for_ML_NET_run_in_projects_that_have_the_packages_alone()
    {
        using var folder = new TemporaryFolder();
        WriteFeeds(folder);
        var programs = CSharpBlock().Matches(File.ReadAllText(Path.Combine(Repository.Root, "src", "ML", "README.md")));
        Assert.Equal(4, programs.Count);
        ReadmePictures.WriteBrightAndDark(folder);
        ReadmePictures.WriteFewAndTest(folder);
        NegativeModel.Write(folder["translator.onnx"], 3, 16, 16);
        Inference.Pictures.SavePng(new ImageTensor([.. Enumerable.Repeat(1f, 3 * 40 * 40)], 1, 3, 40, 40), 0,
            folder["photographs/white.png"]);
        string[] outputs = [.. programs.Select((program, i) =>
        {
            var app = folder[$"app{i}"];
            WriteProject(app, "GanPipeline.ML", "Microsoft.ML.OnnxRuntime", "SkiaSharp.NativeAssets.Linux.NoDependencies");
            File.WriteAllText(Path.Combine(app, "Program.cs"), program.Groups[1].Value);
            PackedLibraries.Dotnet(app, "build", "-nologo", "-v", "q", "-o", folder[$"out{i}"], "-nodeReuse:false");
            string[] arguments = i == 1 ? ["500"] : [];
            return PackedLibraries.Dotnet(folder.Path, [folder[$"out{i}/App.dll"], .. arguments]);
        })];
        Assert.Contains("the classifier says", outputs[0], StringComparison.Ordinal);
        Assert.Matches(@"apart on \d+ pictures", outputs[0]);
        Assert.Matches(@"bright: \d+ of 500", outputs[1]);
        Assert.Contains("with generated ones", outputs[2], StringComparison.Ordinal);
        Assert.Contains("768 values, from -1.00 to -1.00", outputs[3], StringComparison.Ordinal);
    }

    /// <summary>
    /// The packed libraries beside the user's own feeds; packages that are there already are taken from where they are, ours go elsewhere.
    /// </summary>
    private void WriteFeeds(TemporaryFolder folder) => File.WriteAllText(folder["NuGet.config"], $"""
        <configuration>
          <packageSources><add key="packed" value="{packed.Path}" /></packageSources>
          <config><add key="globalPackagesFolder" value="packages" /></config>
          <fallbackPackageFolders><add key="own" value="{UserPackages}" /></fallbackPackageFolders>
        </configuration>
        """);

    /// <summary>A console project that references one of our packages, and others in the versions that we name.</summary>
    private void WriteProject(string folder, string own, params string[] others)
    {
        var version = packed.Metadata(own).Elements().Single(e => e.Name.LocalName == "version").Value;
        var references = others.Select(other => (other, _versions[other])).Prepend((own, version))
            .Select(package => $"""<PackageReference Include="{package.Item1}" Version="{package.Item2}" />""");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "App.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <AssemblyName>App</AssemblyName>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <NuGetAudit>false</NuGetAudit>
                <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
              </PropertyGroup>
              <ItemGroup>{string.Concat(references)}</ItemGroup>
            </Project>
            """);
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();

    private static string UserPackages { get; } = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } own
        ? own
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}

/// <summary>A test of what is done on Linux alone.</summary>
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux()) Skip = "needs Linux";
    }
}
