using Microsoft.ML.Transforms.Onnx;

namespace Microsoft.ML;

/// <summary>ONNX models as transforms.</summary>
public static class OnnxCatalog
{
    /// <inheritdoc cref="OnnxScoringEstimator"/>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The output of the model that becomes a column.</param>
    /// <param name="inputColumnName">The input of the model that the column of this name is fed to.</param>
    /// <param name="modelFile">The file of the model, which is read at once.</param>
    /// <param name="gpuDeviceId">The GPU to run on; null for the <see cref="MLContext"/>'s, and where it has none, the processor.</param>
    /// <param name="fallbackToCpu">Whether to run on the processor where the GPU cannot be used.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidOperationException">It is no ONNX model, or cannot run on the GPU asked for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The model has no input or output of that name.</exception>
    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, string outputColumnName, string inputColumnName,
        string modelFile, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Create(catalog, FromFile(modelFile), [outputColumnName], [inputColumnName], null, gpuDeviceId, fallbackToCpu);

    /// <inheritdoc cref="ApplyOnnxModel(TransformsCatalog, string, string, string, int?, bool)"/>
    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, string outputColumnName, string inputColumnName,
        string modelFile, IDictionary<string, int[]> shapeDictionary, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Create(catalog, FromFile(modelFile), [outputColumnName], [inputColumnName], shapeDictionary, gpuDeviceId, fallbackToCpu);

    /// <inheritdoc cref="ApplyOnnxModel(TransformsCatalog, string, string, string, int?, bool)"/>
    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, string outputColumnName, string inputColumnName,
        Stream modelBytes, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Create(catalog, FromStream(modelBytes), [outputColumnName], [inputColumnName], null, gpuDeviceId, fallbackToCpu);

    /// <inheritdoc cref="ApplyOnnxModel(TransformsCatalog, string, string, string, int?, bool)"/>
    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, string outputColumnName, string inputColumnName,
        Stream modelBytes, IDictionary<string, int[]> shapeDictionary, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Create(catalog, FromStream(modelBytes), [outputColumnName], [inputColumnName], shapeDictionary, gpuDeviceId, fallbackToCpu);

    /// <inheritdoc cref="ApplyOnnxModel(TransformsCatalog, string, string, string, int?, bool)"/>
    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, string[] outputColumnNames,
        string[] inputColumnNames, string modelFile, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Create(catalog, FromFile(modelFile), outputColumnNames, inputColumnNames, null, gpuDeviceId, fallbackToCpu);

    /// <inheritdoc cref="ApplyOnnxModel(TransformsCatalog, string, string, string, int?, bool)"/>
    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, string[] outputColumnNames,
        string[] inputColumnNames, string modelFile, IDictionary<string, int[]> shapeDictionary, int? gpuDeviceId = null,
        bool fallbackToCpu = false) =>
        Create(catalog, FromFile(modelFile), outputColumnNames, inputColumnNames, shapeDictionary, gpuDeviceId, fallbackToCpu);

    /// <inheritdoc cref="ApplyOnnxModel(TransformsCatalog, string, string, string, int?, bool)"/>
    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, string[] outputColumnNames,
        string[] inputColumnNames, string modelFile, IDictionary<string, int[]> shapeDictionary, int? gpuDeviceId = null,
        bool fallbackToCpu = false, int recursionLimit = 100) =>
        Create(catalog, FromFile(modelFile), outputColumnNames, inputColumnNames, shapeDictionary, gpuDeviceId,
            fallbackToCpu, recursionLimit);

    /// <inheritdoc cref="ApplyOnnxModel(TransformsCatalog, string, string, string, int?, bool)"/>
    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, string[] outputColumnNames,
        string[] inputColumnNames, Stream modelBytes, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Create(catalog, FromStream(modelBytes), outputColumnNames, inputColumnNames, null, gpuDeviceId, fallbackToCpu);

    /// <inheritdoc cref="ApplyOnnxModel(TransformsCatalog, string, string, string, int?, bool)"/>
    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, string[] outputColumnNames,
        string[] inputColumnNames, Stream modelBytes, IDictionary<string, int[]> shapeDictionary, int? gpuDeviceId = null,
        bool fallbackToCpu = false) =>
        Create(catalog, FromStream(modelBytes), outputColumnNames, inputColumnNames, shapeDictionary, gpuDeviceId, fallbackToCpu);

    /// <inheritdoc cref="ApplyOnnxModel(TransformsCatalog, string, string, string, int?, bool)"/>
    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, string[] outputColumnNames,
        string[] inputColumnNames, Stream modelBytes, IDictionary<string, int[]> shapeDictionary, int? gpuDeviceId = null,
        bool fallbackToCpu = false, int recursionLimit = 100) =>
        Create(catalog, FromStream(modelBytes), outputColumnNames, inputColumnNames, shapeDictionary, gpuDeviceId,
            fallbackToCpu, recursionLimit);

    /// <inheritdoc cref="ApplyOnnxModel(TransformsCatalog, string, string, string, int?, bool)"/>
    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, string modelFile, int? gpuDeviceId = null,
        bool fallbackToCpu = false) =>
        Create(catalog, FromFile(modelFile), null, null, null, gpuDeviceId, fallbackToCpu);

    /// <inheritdoc cref="ApplyOnnxModel(TransformsCatalog, string, string, string, int?, bool)"/>
    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, string modelFile, IDictionary<string,
        int[]> shapeDictionary, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Create(catalog, FromFile(modelFile), null, null, shapeDictionary, gpuDeviceId, fallbackToCpu);

    /// <inheritdoc cref="ApplyOnnxModel(TransformsCatalog, string, string, string, int?, bool)"/>
    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, Stream modelBytes, int? gpuDeviceId = null,
        bool fallbackToCpu = false) =>
        Create(catalog, FromStream(modelBytes), null, null, null, gpuDeviceId, fallbackToCpu);

    /// <inheritdoc cref="ApplyOnnxModel(TransformsCatalog, string, string, string, int?, bool)"/>
    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, Stream modelBytes, IDictionary<string,
        int[]> shapeDictionary, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Create(catalog, FromStream(modelBytes), null, null, shapeDictionary, gpuDeviceId, fallbackToCpu);

    /// <inheritdoc cref="OnnxScoringEstimator"/>
    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, OnnxOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Create(catalog, FromFile(options.ModelFile), options);
    }

    private static OnnxScoringEstimator Create(TransformsCatalog catalog, byte[] model, string[] outputs, string[] inputs,
        IDictionary<string, int[]> shapes, int? gpu, bool fallbackToCpu, int recursionLimit = 100) => Create(catalog, model, new OnnxOptions
        {
            OutputColumns = outputs,
            InputColumns = inputs,
            ShapeDictionary = shapes,
            GpuDeviceId = gpu,
            FallbackToCpu = fallbackToCpu,
            RecursionLimit = recursionLimit,
        });

    private static OnnxScoringEstimator Create(TransformsCatalog catalog, byte[] model, OnnxOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.RecursionLimit, 1);
        return new(model, new OnnxOptions
        {
            ModelFile = options.ModelFile,
            InputColumns = options.InputColumns,
            OutputColumns = options.OutputColumns,
            ShapeDictionary = options.ShapeDictionary,
            GpuDeviceId = options.GpuDeviceId ?? catalog.Context.GpuDeviceId,
            FallbackToCpu = options.FallbackToCpu || catalog.Context.FallbackToCpu,
            InterOpNumThreads = options.InterOpNumThreads,
            IntraOpNumThreads = options.IntraOpNumThreads,
        });
    }

    private static byte[] FromFile(string modelFile)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(modelFile);
        return File.Exists(modelFile)
            ? File.ReadAllBytes(modelFile)
            : throw new FileNotFoundException($"Model file {modelFile} does not exist.", modelFile);
    }

    private static byte[] FromStream(Stream modelBytes)
    {
        ArgumentNullException.ThrowIfNull(modelBytes);
        using var copy = new MemoryStream();
        modelBytes.CopyTo(copy);
        return copy.ToArray();
    }
}
