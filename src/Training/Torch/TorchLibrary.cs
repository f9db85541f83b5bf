using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;
using TorchSharp;

namespace GanPipeline.Training;

/// <summary>
/// Loads libtorch, which TorchSharp's package lacks and an application chooses. It is loaded here before TorchSharp does so, because
/// TorchSharp's own error is pages long, goes to the standard output, and hides what the loader said.
/// </summary>
internal static partial class TorchLibrary
{
    private const string Version = "2.10.0";
    private const string NewerSystems = "Debian 13, Ubuntu 24.04 and Fedora 38 are new enough.";
    private const string Elsewhere = "exported ONNX files run here with GanPipeline.Inference.";

    // Rounds of GNU OpenMP's waiting loop; its default is 300,000, and passive waiting has none.
    private const string MomentOfSpinning = "3000";

    private static readonly string[] _libraries = ["torch_cpu", "LibTorchSharp"];
    private static readonly string[] _partsOfLibtorch = ["torch", "Torch", "c10"];
    private static readonly Lazy<bool> _loaded = new(Load);

    /// <summary>Loads libtorch, once.</summary>
    /// <exception cref="TrainingException">It cannot be used on this system; the message says what is missing and what to do.</exception>
    public static void Require() => _ = _loaded.Value;

    /// <summary>Why libtorch cannot be used on a system, whatever is installed; null where it can.</summary>
    /// <param name="runtime">As <see cref="RuntimeInformation.RuntimeIdentifier"/>, a distribution's own included: alpine.3.20-x64.</param>
    /// <param name="hasAvx2">As <see cref="Avx2"/> says.</param>
    public static string? Obstacle(string runtime, bool hasAvx2)
    {
        var isX64 = runtime.EndsWith("-x64", StringComparison.Ordinal);
        if (runtime.Contains("musl", StringComparison.Ordinal) || runtime.StartsWith("alpine", StringComparison.Ordinal))
            return $"There is no libtorch for musl systems such as Alpine ({runtime}). Train on a system with glibc, such as Debian, " +
                $"Ubuntu or Fedora; {Elsewhere}";
        if (!isX64 && !(IsMac(runtime) && runtime.EndsWith("-arm64", StringComparison.Ordinal)))
            return $"There is no libtorch {Version} for {runtime}. Train on x64 with Linux or Windows, or on a Mac with Apple silicon; " +
                Elsewhere;
        if (isX64 && IsMac(runtime))
            return $"There is no libtorch {Version} for Macs with Intel processors ({runtime}). Train on a Mac with Apple silicon, or on " +
                $"x64 with Linux or Windows; {Elsewhere}";
        if (isX64 && !hasAvx2)
            return $"libtorch {Version} needs a processor with AVX2, and this one has none (or DOTNET_EnableAVX2=0 hides it). Train on " +
                $"another machine; {Elsewhere}";
        return null;
    }

    /// <summary>What a failure to load libtorch means.</summary>
    public static string Explain(Exception failure, string runtime)
    {
        // Type initialisers wrap what went wrong in them.
        while (failure is TypeInitializationException { InnerException: { } inner }) failure = inner;
        var text = failure.Message;
        if (NewerVersion().Match(text) is { Success: true, Value: var version })
            return version == "GLIBCXX_3.4.32"
                ? "TorchSharp asks for version GLIBCXX_3.4.32 of libstdc++, which this system's lacks. The package GanPipeline.Training " +
                  "brings a targets file with which an application loads all the same on Debian 12 and Ubuntu 22.04: reference the " +
                  $"package in the application's project, and leave the property GanWeakenTorchSharp at true. {NewerSystems}"
                : $"libtorch {Version} asks for version {version} of a system library, which this system lacks. {NewerSystems}";
        if (failure is EntryPointNotFoundException)
            return $"TorchSharp and its native library do not fit together: {FirstLine(text)} Take TorchSharp 0.107.0 with libtorch " +
                $"{Version}.";
        var missing = Missing().Matches(text).Select(match => match.Groups[1].Value);
        if (failure is DllNotFoundException && missing.FirstOrDefault(IsForeign) is { } other)
            return $"libtorch needs the library {other}, which this system lacks: install the package that has it.";
        if (failure is DllNotFoundException && _libraries.Any(library => text.Contains(library, StringComparison.Ordinal)))
            return $"libtorch is not beside the application. Add the package {Package(runtime)} {Version} to the application's project, " +
                "or one for CUDA: TorchSharp-cuda-linux or TorchSharp-cuda-windows 0.107.0.";
        return $"libtorch cannot be loaded: {FirstLine(text)}";
    }

    private static bool Load()
    {
        var runtime = RuntimeInformation.RuntimeIdentifier;
        if (Obstacle(runtime, Avx2.IsSupported) is { } obstacle) throw new TrainingException(obstacle);
        SetWaiting();
        try
        {
            foreach (var library in _libraries) NativeLibrary.Load(library, typeof(torch).Assembly, null);
            torch.InitializeDeviceType(DeviceType.CPU);
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or BadImageFormatException
            or EntryPointNotFoundException or NotSupportedException)
        {
            throw new TrainingException(Explain(e, runtime), e);
        }
        return true;
    }

    /// <summary>
    /// By default OpenMP's threads spin for milliseconds where they wait for each other. On a machine that has other work to do the one
    /// that is waited for does not get the processor, and a step takes many times as long. But a thread that sleeps at once is slow to
    /// wake, which the small calls of a small network feel. So they spin for a moment, which is about as long as a thread needs to wake.
    /// </summary>
    private static void SetWaiting()
    {
        // Who says how to wait means it.
        if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null) NativeEnvironment.SetDefault("GOMP_SPINCOUNT", MomentOfSpinning);
        NativeEnvironment.SetDefault("OMP_WAIT_POLICY", "PASSIVE");
    }

    private static string Package(string runtime) =>
        "libtorch-cpu-" + (runtime.StartsWith("win", StringComparison.Ordinal) ? "win-x64"
            : IsMac(runtime) ? "osx-arm64" : "linux-x64");

    private static bool IsMac(string runtime) => runtime.StartsWith("osx", StringComparison.Ordinal);

    private static string FirstLine(string text) => text.Split('\n')[0].Trim();

    private static bool IsForeign(string file) => !_partsOfLibtorch.Any(part => file.Contains(part, StringComparison.Ordinal));

    [GeneratedRegex(@"\bGLIBC(XX)?_[0-9.]*[0-9]")]
    private static partial Regex NewerVersion();

    // As glibc's loader says it, of each name it tries.
    [GeneratedRegex(@"([^\s/:]+\.so[.0-9]*): cannot open shared object file")]
    private static partial Regex Missing();
}
