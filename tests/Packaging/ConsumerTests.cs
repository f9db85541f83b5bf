using System.Xml.Linq;

namespace GanPipeline.Packaging.Tests;

/// <summary>An application elsewhere that gets the packages as everybody does.</summary>
public class ConsumerTests(PackedLibraries packed) : IClassFixture<PackedLibraries>
{
    [LinuxFact]
    public void An_application_trains_on_the_packages_and_gets_a_TorchSharp_that_loads()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["app"]);
        // Beside the user's own feeds; packages that are there already are taken from where they are, ours go elsewhere.
        File.WriteAllText(folder["NuGet.config"], $"""
            <configuration>
              <packageSources><add key="packed" value="{packed.Path}" /></packageSources>
              <config><add key="globalPackagesFolder" value="packages" /></config>
              <fallbackPackageFolders><add key="own" value="{UserPackages}" /></fallbackPackageFolders>
            </configuration>
            """);
        var versions = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(e => e.Attribute("Include")!.Value, e => e.Attribute("Version")!.Value);
        var version = packed.Metadata("GanPipeline.Training").Elements().Single(e => e.Name.LocalName == "version").Value;
        File.WriteAllText(folder["app/App.csproj"], $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <NuGetAudit>false</NuGetAudit>
                <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="GanPipeline.Training" Version="{version}" />
                <PackageReference Include="libtorch-cpu-linux-x64" Version="{versions["libtorch-cpu-linux-x64"]}" />
              </ItemGroup>
            </Project>
            """);
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
            versions["TorchSharp"],
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
