using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using TorchSharp;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli.Diagnosis;

internal enum Health { Good, Note, Bad }

/// <param name="Key">The name in --json.</param>
internal sealed record Finding(string Key, string Title, Health Health, string Text, IReadOnlyDictionary<string, object> Values);

/// <summary>Looks at what is installed and in use. Each part is tried by itself: one that is missing does not hide the others.</summary>
internal static class Doctor
{
    public static IEnumerable<Finding> Examine(string folder) =>
    [
        Try("gan", "gan", () => Good($"{About.Version}, packages: {About.Packages}" + (About.Packages == "compat" ? " (the projects under compat/)" : " (from NuGet)"),
            ("version", About.Version), ("packages", About.Packages))),
        Try("dotnet", ".NET", () => Good($"{Environment.Version} on {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}", ("version", Environment.Version.ToString()))),
        Try("torch", "libtorch", Torch),
        Try("blas", "BLAS", Blas),
        Try("threads", "Threads", () => Good($"{Environment.ProcessorCount} processors", ("processors", Environment.ProcessorCount))),
        Try("cuda", "CUDA", Cuda),
        Try("onnxruntime", "ONNX Runtime", OnnxRuntime),
        Try("pictures", "Pictures", PictureCodec),
        Try("cpu", "Processor", () => Good(Cpu())),
        Try("memory", "Memory", Memory),
        Try("disk", "Disk", () => Disk(folder)),
    ];

    private static Finding Torch()
    {
        // A product large enough that the BLAS is asked for it.
        torch.InitializeDeviceType(DeviceType.CPU);
        using (torch.NewDisposeScope()) _ = torch.ones(64, 64).mm(torch.ones(64, 64)).sum().item<float>();
        var path = LoadedLibraries.Find("libtorch_cpu", "torch_cpu") ?? LoadedLibraries.Find("libtorch", "torch") ?? "path unknown";
        var threads = torch.get_num_threads();
        return Good($"{torch.__version__}, {path}, {threads} thread{(threads == 1 ? "" : "s")} at first",
            ("version", torch.__version__), ("path", path), ("threads", threads));
    }

    private static Finding Blas()
    {
        if (LoadedLibraries.Find("libtorch", "torch") is null && LoadedLibraries.Paths().Count > 0)
            return new Finding("", "", Health.Bad, "not known: libtorch cannot be used", Map(("name", "unknown")));
        if (LoadedLibraries.Find("libmkl", "mkl_") is { } mkl) return Good($"MKL, {mkl}", ("name", "mkl"), ("path", mkl));
        if (LoadedLibraries.Find("libopenblas", "openblas") is { } open) return Good($"OpenBLAS, {open}", ("name", "openblas"), ("path", open));
        if (LoadedLibraries.Find("libblis") is { } blis) return Good($"BLIS, {blis}", ("name", "blis"), ("path", blis));
        if (LoadedLibraries.Find("libblas.so", "libcblas") is { } blas)
        {
            // Debian's alternatives hand out OpenBLAS under the reference library's name too.
            var target = File.ResolveLinkTarget(blas, returnFinalTarget: true)?.FullName ?? blas;
            return target.Contains("openblas", StringComparison.Ordinal)
                ? Good($"OpenBLAS, {target}", ("name", "openblas"), ("path", target))
                : new Finding("", "", Health.Bad, $"the reference BLAS, {target}: matrix products are many times slower than they could be. On Debian: apt-get install libopenblas0-pthread",
                    Map(("name", "reference"), ("path", target)));
        }
        return LoadedLibraries.Paths().Count == 0
            ? new Finding("", "", Health.Note, "this system does not tell", Map(("name", "unknown")))
            : Good("inside libtorch", ("name", "libtorch"));
    }

    private static Finding Cuda()
    {
        if (!torch.cuda.is_available()) return new Finding("", "", Health.Note, "none in use by Torch; training runs on the processor", Map(("available", false), ("devices", 0)));
        var devices = torch.cuda.device_count();
        return Good($"{devices} device{(devices == 1 ? "" : "s")}{(torch.cuda.is_cudnn_available() ? ", with cuDNN" : ", without cuDNN")}", ("available", true), ("devices", devices));
    }

    private static Finding OnnxRuntime()
    {
        var runtime = OrtEnv.Instance();
        var providers = runtime.GetAvailableProviders();
        var path = LoadedLibraries.Find("libonnxruntime.", "onnxruntime.") ?? "";
        return Good($"{runtime.GetVersionString()}, providers: {string.Join(", ", providers.Select(p => p.Replace("ExecutionProvider", "", StringComparison.Ordinal)))}{(path.Length > 0 ? ", " + path : "")}",
            ("version", runtime.GetVersionString()), ("providers", providers), ("path", path));
    }

    private static Finding PictureCodec()
    {
        using (var image = new Image<L8>(8, 8, new L8(0))) image.SaveAsJpeg(Stream.Null);
        var gd = LoadedLibraries.Find("libgd.");
        return gd is null ? Good("ImageSharp", ("name", "ImageSharp")) : Good($"libgd, {gd}", ("name", "libgd"), ("path", gd));
    }

    private static string Cpu()
    {
        const string info = "/proc/cpuinfo";
        var model = File.Exists(info) ? File.ReadLines(info).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() : null;
        return $"{model ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown"}, {Environment.ProcessorCount} in use";
    }

    private static Finding Memory()
    {
        var total = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return total < 2_000_000_000
            ? new Finding("", "", Health.Bad, $"{TextFormat.Bytes(total)}: training a DCGAN wants 2 GB and more", Map(("bytes", total)))
            : Good(TextFormat.Bytes(total), ("bytes", total));
    }

    private static Finding Disk(string folder)
    {
        var free = new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        return free < 1_000_000_000
            ? new Finding("", "", Health.Bad, $"{TextFormat.Bytes(free)} free here: a run's checkpoints may not fit", Map(("free", free)))
            : Good($"{TextFormat.Bytes(free)} free here", ("free", free));
    }

    private static Finding Try(string key, string title, Func<Finding> look)
    {
        try
        {
            return look() with { Key = key, Title = title };
        }
        catch (Exception e)
        {
            var cause = e;
            while (cause is TypeInitializationException { InnerException: { } inner }) cause = inner;
            return new Finding(key, title, Health.Bad, "cannot be used: " + Errors.OneLine(cause), Map(("error", cause.Message)));
        }
    }

    private static Finding Good(string text, params (string, object)[] values) => new("", "", Health.Good, text, Map(values));

    private static Dictionary<string, object> Map(params (string Key, object Value)[] values) => values.ToDictionary(v => v.Key, v => v.Value);
}
