using Microsoft.ML.OnnxRuntime;

namespace GanPipeline.Inference;

/// <summary>Gives a foreign model the form that is read here: changes the graph, told what ONNX Runtime says of its ends.</summary>
internal delegate void Adaptation(
    GraphEditor graph, IReadOnlyDictionary<string, NodeMetadata> inputs, IReadOnlyDictionary<string, NodeMetadata> outputs);

/// <summary>A session with the name of its file, so that every error can name the model.</summary>
internal sealed partial class OnnxModel : IDisposable
{
    private const int MostFixed = 4096;

    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly bool _keepsBytes;
    private ModelContent? _content;
    private bool _disposed;

    static OnnxModel() => OnnxRuntimeTelemetry.TurnOff();

    private OnnxModel(ModelContent content, InferenceSession session, Provider provider, ModelOptions options)
    {
        Path = content.Name;
        _content = content;
        _keepsBytes = options.KeepsBytes;
        _session = session;
        Device = provider.Name;
        MemoryLimit = options.MemoryLimit;
        BatchSize = (int)Math.Clamp(options.MemoryLimit / Math.Max(1, content.Peak), 1, options.BatchSize);
        // ONNX Runtime's own list cannot be had where a key holds a NUL. Of several values of a key it takes the last, too.
        Metadata = content.Model.MetadataProps.GroupBy(entry => entry.Key).ToDictionary(g => g.Key, g => g.Last().Value);
        Inputs = session.InputMetadata;
        Outputs = session.OutputMetadata;
    }

    public string Path { get; }

    /// <summary>What runs: the file, whole, and in the form that is read here. Until <see cref="Settle"/>.</summary>
    public ModelContent Content => _content ?? throw new InvalidOperationException("The model's content was let go.");

    /// <summary>The same as bytes, where <see cref="ModelOptions.KeepsBytes"/> asks for them.</summary>
    public byte[] Bytes { get; private set; } = [];

    public string Device { get; }

    /// <summary>Why it runs on the CPU and not where it was to run; null where it runs there.</summary>
    public string? FallbackReason { get; private init; }

    public int BatchSize { get; }

    public long MemoryLimit { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    public IReadOnlyDictionary<string, NodeMetadata> Inputs { get; }

    public IReadOnlyDictionary<string, NodeMetadata> Outputs { get; }

    public static OnnxModel Load(string path, ModelOptions? options, Adaptation adapt)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options = (options ?? new ModelOptions()).Checked();
        return Load(ModelContent.Read(path, options.MemoryLimit), options, adapt);
    }

    public static OnnxModel Load(byte[] bytes, ModelOptions? options, Adaptation adapt) =>
        Load("(a model in memory)", bytes, options, adapt);

    /// <summary>Opens what is in memory under a name for errors.</summary>
    public static OnnxModel Load(string name, byte[] bytes, ModelOptions? options, Adaptation adapt)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        options = (options ?? new ModelOptions()).Checked();
        return Load(ModelContent.Read(name, bytes, options.MemoryLimit), options, adapt);
    }

    private static OnnxModel Load(ModelContent content, ModelOptions options, Adaptation adapt)
    {
        if (FiniteOutput.Add(content.Model)) content = content.Changed();
        var model = Open(content, options);
        try
        {
            var editor = new GraphEditor(content.Model);
            adapt(editor, model.Inputs, model.Outputs);
            if (!editor.IsChanged) return model;
        }
        catch (GraphProblemException e)
        {
            model.Dispose();
            throw new ModelException($"'{content.Name}' cannot be used: {e.Message}", e);
        }
        model.Dispose();
        return Open(content.Changed(), options);
    }

    private static OnnxModel Open(ModelContent content, ModelOptions options)
    {
        var provider = Provider.Of(options);
        string? reason = null;
        if (!provider.IsCpu)
        {
            try
            {
                return Open(content, options, provider, null);
            }
            // Without the provider's package, an entry point or a library is missing. Otherwise the runtime says what is.
            catch (Exception e) when (IsMissing(e))
            {
                reason = $"'{content.Name}' cannot run on {provider.Name}: {OneLine(e.Message)} That needs {provider.Need}.";
                if (!options.FallbackToCpu) throw new ModelException(reason + " FallbackToCpu = true runs on the CPU instead.", e);
            }
        }
        try
        {
            return Open(content, options, Provider.Cpu, reason);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelException($"ONNX Runtime {OrtEnv.Instance().GetVersionString()} cannot use '{content.Name}' " +
                $"({content.Bytes.Length:N0} bytes): {OneLine(e.Message)}", e);
        }
    }

    private static OnnxModel Open(ModelContent content, ModelOptions options, Provider provider, string? reason)
    {
        using var sessionOptions = new SessionOptions
        {
            IntraOpNumThreads = ProcessorShare.Threads(options.Threads),
            // Errors come as exceptions, so the runtime does not have to print them as well.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        if (!options.Spinning) sessionOptions.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        provider.AddTo(sessionOptions);
        Configure(content.Name, options, sessionOptions);
        return new OnnxModel(content, new InferenceSession(content.Bytes, sessionOptions), provider, options) { FallbackReason = reason };
    }

    private static bool IsMissing(Exception e) =>
        e is OnnxRuntimeException or NotSupportedException or EntryPointNotFoundException or DllNotFoundException;

    private static void Configure(string name, ModelOptions options, SessionOptions sessionOptions)
    {
        try
        {
            options.ConfigureSession?.Invoke(sessionOptions);
        }
        // What ONNX Runtime says of a provider that it was not built with, or of an entry that it does not know.
        catch (Exception e) when (IsMissing(e))
        {
            throw new ModelException(
                $"'{name}' cannot run as {nameof(ModelOptions)}.{nameof(ModelOptions.ConfigureSession)} says: {OneLine(e.Message)} An " +
                    "execution provider needs the ONNX Runtime package that contains it.", e);
        }
    }

    /// <summary>A fixed batch is run whole, even for one image, so it must be one that can have been meant.</summary>
    /// <exception cref="ModelException">It is larger, or needs too much memory.</exception>
    public void RequireBatch(TensorForm input, TensorForm output)
    {
        // Where the input says so, the memory of a whole batch was looked at; else that of one image.
        var most = input.Batch > 0 ? MostFixed : Math.Clamp(MemoryLimit / Math.Max(1, Content.Peak), 1, MostFixed);
        if (Math.Max(input.Batch, output.Batch) <= most) return;
        throw new ModelException($"'{Path}' is refused: it is made for {Math.Max(input.Batch, output.Batch)} images at once; at most " +
            $"{most} can be run ({nameof(ModelOptions)}.{nameof(ModelOptions.MemoryLimit)}).");
    }

    /// <summary>Lets the file's content go, which the session has a copy of.</summary>
    public void Settle()
    {
        if (_keepsBytes) Bytes = Content.Bytes;
        _content = null;
    }

    /// <summary>The error of a model with other inputs or outputs than needed.</summary>
    public ModelException Refuse(string need)
    {
        string inputs = TensorForm.Describe(Inputs), outputs = TensorForm.Describe(Outputs);
        return new ModelException($"'{Path}' {need} It has the inputs {inputs} and the outputs {outputs}.");
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _runOptions.Dispose();
        _session.Dispose();
    }

    private static string OneLine(string message) => string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
