using System.Diagnostics;
using System.Runtime.InteropServices;

namespace GanPipeline.Sampler.Tests;

/// <summary>
/// The container that <c>src/Sampler/Dockerfile</c> describes, put together from its COPY lines and entered as a container is: its folder
/// is the root, so that what is not in it is not there.
/// </summary>
[Collection(Published.Name)]
public sealed class ContainerTests(PublishedSampler sampler) : IDisposable
{
    private const string Linker = "gcc", Unshare = "/usr/bin/unshare";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ContainerFact(Linker, Unshare)]
    public void A_picture_comes_out_of_what_the_file_copies()
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "src", "Sampler", "Dockerfile"));
        foreach (var line in lines.Where(line => line.StartsWith("COPY ", StringComparison.Ordinal)))
        {
            var parts = line.Split(' ')[1..];
            var isOfSystem = parts[0].StartsWith("--from=", StringComparison.Ordinal);
            foreach (var name in parts[(isOfSystem ? 1 : 0)..^1])
            {
                var target = Directory.CreateDirectory(_folder["root" + parts[^1]]).FullName;
                File.Copy(isOfSystem ? name : Path.Combine(sampler.Folder, name), Path.Combine(target, Path.GetFileName(name)));
            }
        }
        var command = lines.Single(line => line.StartsWith("ENTRYPOINT", StringComparison.Ordinal)).Split('"')[1];
        Directory.CreateDirectory(_folder["root/data"]);
        File.Copy(Path.Combine(Repository.Root, "tests", "Inference", "models", "generator.onnx"), _folder["root/data/generator.onnx"]);
        var start = new ProcessStartInfo(Unshare,
            ["--map-root-user", "--root", _folder["root"], "--wd", "/data", command, "generator.onnx", "--out", "picture.png"])
        {
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(_folder["root/data/picture.png"])[..4]);
    }
}

/// <summary>A test on Linux x64 that needs a linker, and to be allowed a root folder of its own.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ContainerFactAttribute : FactAttribute
{
    public ContainerFactAttribute(string linker, string unshare)
    {
        if (RuntimeInformation.RuntimeIdentifier != "linux-x64") Skip = "needs Linux on x64";
        else if (!Peers.Answers(linker, "--version")) Skip = $"needs {linker}";
        else if (!Peers.Answers(unshare, "--map-root-user", "true")) Skip = $"needs {unshare} with user namespaces";
    }
}
