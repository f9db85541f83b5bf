namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Options of <see cref="OnnxScoringEstimator"/>.</summary>
public sealed class OnnxOptions
{
    /// <summary>The file of the model.</summary>
    public string ModelFile;

    /// <summary>The model's inputs to feed, each from the column of its name; null for all.</summary>
    public string[] InputColumns;

    /// <summary>The model's outputs to make columns of; null for all.</summary>
    public string[] OutputColumns;

    /// <summary>The GPU to run on; null for that of the <see cref="MLContext"/>, and where it has none, the processor.</summary>
    public int? GpuDeviceId;

    /// <summary>Whether to run on the processor where the GPU cannot be used.</summary>
    public bool FallbackToCpu;

    /// <summary>Shapes of inputs and outputs by name, in place of those that the model states.</summary>
    public IDictionary<string, int[]> ShapeDictionary;

    /// <summary>
    /// How deep messages in the model's file may lie within each other. ONNX Runtime reads the file here, by limits of its own.
    /// </summary>
    public int RecursionLimit = 100;

    /// <summary>Threads over operators that do not depend on each other; null for ONNX Runtime's choice.</summary>
    public int? InterOpNumThreads;

    /// <summary>Threads within an operator; null for ONNX Runtime's choice.</summary>
    public int? IntraOpNumThreads;
}
