using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;
using GanPipeline.Inference;
using GanPipeline.Pipelines;
using GanPipeline.Training;
using Microsoft.ML.OnnxRuntime;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using TorchSharp;

namespace GanPipeline.Cli;

internal enum Health { Good, Note, Bad }

/// <param name="Key">The name in --json.</param>
internal sealed record Finding(string Key, string Title, Health Health, string Text, IReadOnlyDictionary<string, object> Values);

/// <summary>Looks at what is installed and in use. Each part is tried by itself: one that is missing does not hide the others.</summary>
internal static class Doctor
{
    public static IEnumerable<Finding> Examine(string folder) =>
    [
        Try("gan", "gan", Gan),
        Try("packages", "Packages", Packages),
        Try("dotnet", ".NET", () => Good(
            $"{Environment.Version} on {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}",
            ("version", Environment.Version.ToString()))),
        Try("torch", "libtorch", Torch),
        Try("libstdc++", "libstdc++", StandardLibrary),
        Try("threads", "Threads", () => Good($"{Environment.ProcessorCount} processors", ("processors", Environment.ProcessorCount))),
        Try("cuda", "CUDA", Cuda),
        Try("precision", "Precision", Precision),
        Try("onnxruntime", "ONNX Runtime", OnnxRuntime),
        Try("pictures", "Pictures", PictureCodec),
        Try("cpu", "Processor", () => Good(Cpu())),
        Try("memory", "Memory", Memory),
        Try("disk", "Disk", () => Disk(folder)),
    ];

    private static Finding Gan()
    {
        var accelerator = typeof(Doctor).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(a => a.Key == "GanAccelerator")?
            .Value ?? "cpu";
        return Good(
            $"{About.Version}, built for {(accelerator == "cuda" ? "CUDA" : "the processor")}",
            ("version", About.Version),
            ("accelerator", accelerator));
    }

    private static Finding Packages()
    {
        (string Name, Assembly Assembly)[] packages =
        [
            ("TorchSharp", typeof(torch).Assembly), ("Microsoft.ML", typeof(Microsoft.ML.MLContext)
                .Assembly), ("OnnxSharp", typeof(Onnx.ModelProto).Assembly),
            ("ImageSharp", typeof(Image).Assembly), ("SkiaSharp", typeof(SkiaSharp.SKCodec).Assembly),
        ];
        var versions = packages.Select(p => (p.Name, Version: VersionOf(p.Assembly))).ToArray();
        return Good(
            string.Join(", ", versions.Select(v => $"{v.Name} {v.Version}")),
            [.. versions.Select(v => (v.Name, (object)v.Version))]);
    }

    private static string VersionOf(Assembly assembly) =>
        (assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? assembly.GetName().Version?.ToString() ?? "?").Split('+', '@')[0];

    private static Finding Torch()
    {
        torch.InitializeDeviceType(DeviceType.CPU);
        using (torch.NewDisposeScope()) _ = torch.ones(64, 64).mm(torch.ones(64, 64)).sum().item<float>();
        var path = LoadedLibraries.Find("libtorch_cpu", "torch_cpu") ?? LoadedLibraries.Find("libtorch", "torch") ?? "path unknown";
        var threads = torch.get_num_threads();
        var text = $"{torch.__version__}, {path}, {threads} thread{(threads == 1 ? "" : "s")} at first";
        (string, object)[] values = [("version", torch.__version__), ("path", path), ("threads", threads)];
        // libtorch's fast kernels for processors are written for AVX2.
        return X86Base.IsSupported && !Avx2.IsSupported
            ? new Finding("", "", Health.Bad, text + "; this processor has no AVX2, without which training cannot run", Map(values))
            : Good(text, values);
    }

    private static Finding Precision() =>
        PrecisionChoice.Obstacle(Devices.Resolve("auto")) is { } obstacle
            ? Good($"trainings take float32: {obstacle}", ("bfloat16", false))
            : Good("trainings measure whether bfloat16 is faster", ("bfloat16", true));

    /// <summary>Whether the system's C++ library is as new as TorchSharp's native library asks for, and what was done if not.</summary>
    private static Finding StandardLibrary()
    {
        const string asked = "GLIBCXX_3.4.32";
        if (LoadedLibraries.Find("libstdc++") is not { } path) return new Finding("", "", Health.Note, "not in use", Map(("path", "")));
        var isNew = File.ReadAllBytes(path).AsSpan().IndexOf(Encoding.ASCII.GetBytes(asked)) >= 0;
        return Good(
            isNew ? $"{path}, which has {asked}" : $"{path}, which lacks {asked}; the build made TorchSharp's native library do without it",
            ("path", path),
            ("weakened", !isNew));
    }

    private static Finding Cuda()
    {
        if (!torch.cuda.is_available()) return new Finding(
            "",
            "",
            Health.Note,
            "none in use by Torch; training runs on the processor",
            Map(("available", false), ("devices", 0)));
        var devices = torch.cuda.device_count();
        return Good(
            $"{devices} device{(devices == 1 ? "" : "s")}{(torch.cuda.is_cudnn_available() ? ", with cuDNN" : ", without cuDNN")}",
            ("available", true),
            ("devices", devices));
    }

    private static Finding OnnxRuntime()
    {
        OnnxRuntimeTelemetry.TurnOff();
        var runtime = OrtEnv.Instance();
        var providers = runtime.GetAvailableProviders();
        var path = LoadedLibraries.Find("libonnxruntime.", "onnxruntime.") ?? "";
        var names = string.Join(", ", providers.Select(p => p.Replace("ExecutionProvider", "", StringComparison.Ordinal)));
        return Good($"{runtime.GetVersionString()}, providers: {names}{(path.Length > 0 ? ", " + path : "")}",
            ("version", runtime.GetVersionString()), ("providers", providers), ("path", path));
    }

    private static Finding PictureCodec()
    {
        using var stream = new MemoryStream();
        using (var image = new Image<L8>(8, 8, new L8(0))) image.SaveAsPng(stream);
        stream.Position = 0;
        using var codec = SkiaSharp.SKCodec.Create(stream);
        return Good(codec is null ? "Skia cannot read PNG" : "read by Skia, written by ImageSharp", ("name", "Skia"));
    }

    private static string Cpu()
    {
        const string info = "/proc/cpuinfo";
        var model = File.Exists(info)
            ? File.ReadLines(info).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            : null;
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

    private static Dictionary<string, object> Map(params (string Key, object Value)[] values)
        => values.ToDictionary(v => v.Key, v => v.Value);
}
