namespace GanPipeline.Packaging.Tests;

/// <summary>gan as a .NET tool, packed and installed as its README says.</summary>
public class ToolTests
{
    [LinuxFact]
    public void It_generates_without_Torch_and_says_that_it_cannot_train()
    {
        using var folder = new TemporaryFolder();
        PackedLibraries.Dotnet(Repository.Root, "pack", "src/Cli", "-p:GanTool=true", "-p:RunAnalyzers=false", "-o", folder["packages"],
            "-nologo", "-v", "q", "-nodeReuse:false");
        PackedLibraries.Dotnet(folder.Path, "tool", "install", "GanPipeline.Tool", "--tool-path", folder["tools"], "--add-source",
            folder["packages"]);
        var files = Directory.GetFiles(folder["tools"], "*", SearchOption.AllDirectories);
        Assert.DoesNotContain(files, file => Path.GetFileName(file).Contains("torch_cpu", StringComparison.Ordinal));

        var gan = folder["tools/gan"];
        var model = Path.Combine(Repository.Root, "models", "cifar10-dcgan");
        var (code, output, error) = Peers.Run(gan, "generate", model, "--count", "8", "--out", folder["pictures"]);
        Assert.True(code == 0, output + error);
        Assert.Equal(8, Directory.GetFiles(folder["pictures"], "*.png").Length);
        (code, output, error) = Peers.Run(gan, "features", model, "--data", "folder:" + folder["pictures"], "--split", "all", "--format",
            "csv", "--out", folder["table"]);
        Assert.True(code == 0, output + error);
        Assert.Equal(1 + 8, File.ReadAllLines(folder["table/00000.csv"]).Length);
        Assert.Equal(0, Peers.Run(gan, "features", "--verify", folder["table"]).ExitCode);

        // Where the build has it, the tool brings along what runs in the browser.
        if (Directory.Exists(Path.Combine(Repository.Root, "artifacts", "setup", "onnxruntime-web")))
        {
            (code, output, error) = Peers.Run(gan, "page", model, "--out", folder["page"]);
            Assert.True(code == 0, output + error);
            Assert.True(new FileInfo(folder["page/onnxruntime-web/ort-wasm-simd-threaded.wasm"]).Length > 1_000_000);
        }

        (code, _, error) = Peers.Run(gan, "run", "quickstart", "--file", Path.Combine(Repository.Root, "pipelines.yaml"), "--out",
            folder["run"], "--dry-run");
        Assert.Equal(1, code);
        Assert.Contains("This gan is the .NET tool, which has no Torch", error, StringComparison.Ordinal);
    }
}
