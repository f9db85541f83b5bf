using GanPipeline.Inference;
using static TorchSharp.torch;

namespace GanPipeline.Export;

/// <summary>How a network is written; the defaults are right for nearly all.</summary>
public sealed record ExportOptions
{
    /// <summary>The oldest operator set the exporter can write.</summary>
    public const int OldestOpset = 13;

    /// <summary>The newest operator set the exporter can write.</summary>
    public const int NewestOpset = 25;

    /// <summary>The ONNX operator set, 13 to 25; the file's IR version follows from it (8 for 18).</summary>
    public int Opset
    {
        get;
        init => field = value is >= OldestOpset and <= NewestOpset ? value : throw new ArgumentOutOfRangeException(
            nameof(value), value, $"The operator set must be from {OldestOpset} to {NewestOpset}.");
    } = 18;

    /// <summary>The input's name, a C identifier, where the network has one input and is exported without a description.</summary>
    public string InputName { get; init => field = Identifiers.Require(value, nameof(InputName)); } = "input";

    /// <summary>The output's name, a C identifier, where the network has one output and is exported without a description.</summary>
    public string OutputName { get; init => field = Identifiers.Require(value, nameof(OutputName)); } = "output";

    /// <summary>
    /// Makes batch normalisations part of the linear operation before or after them where that is exact. Turn it off to look at the network
    /// layer by layer.
    /// </summary>
    public bool FoldBatchNormalization { get; init; } = true;

    /// <summary>The network's mode; evaluation is what files are used in.</summary>
    public ExportMode Mode { get; init; }

    /// <summary>What the file is compared with the network on, before it is written.</summary>
    public VerificationOptions Verification { get; init; } = new();

    /// <summary>
    /// A smaller form of the network is written in place of float32: weights in 16 bits, all of it in float16, or 8-bit integers. The
    /// network is verified in float32; what the form loses against that is <see cref="ExportResult.Reduced"/>. Null means float32.
    /// </summary>
    public ModelPrecision? Precision { get; init; }

    /// <summary>
    /// Inputs such as the network will be given: a tensor [N, ...] for each, in <c>forward</c>'s order, N at least 2 and some hundreds
    /// better. The first half calibrates the ranges of <see cref="ModelPrecision.Int8"/>, which needs them; the second half measures what a
    /// form loses. Where there are none, the other forms are measured on random inputs.
    /// </summary>
    public IReadOnlyList<Tensor> Calibration { get; init; } = [];

    /// <summary>
    /// Puts the weights into a file of their own beside the model's, <c>net.onnx.1f0c8d2a.data</c>, whose name ends in a hash of them.
    /// Both files belong together. Weights of more than 2 GB, which ONNX does not hold in one file, go there in any case.
    /// </summary>
    public bool ExternalData { get; init; }

    /// <summary>What the file says about itself (<c>metadata_props</c>).</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Converters of module types that the exporter does not know; they go before its own.</summary>
    public ModuleConverters Converters { get; init; } = ModuleConverters.Default;
}
