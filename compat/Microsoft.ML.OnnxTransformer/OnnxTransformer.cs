using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Onnx;

[assembly: ModelLoader<OnnxTransformer>("Onnx")]

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Runs an ONNX model on each row: see <see cref="OnnxScoringEstimator"/>.</summary>
public sealed class OnnxTransformer : RowToRowTransformerBase, IDisposable, ILoadable
{
    private readonly OnnxOptions options;

    internal OnnxTransformer(byte[] bytes, OnnxOptions options)
    {
        this.options = options;
        Model = OnnxModel.Open(bytes, options);
    }

    internal OnnxModel Model { get; }

    /// <summary>Lets go of the model; rows can no longer be computed then.</summary>
    public void Dispose() => Model.Dispose();

    private protected override RowMapping Map(DataViewSchema inputSchema) => new OnnxMapping(Model, inputSchema);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetLoader<OnnxTransformer>();
        ctx.Write("OnnxModel", writer => writer.WriteArray<byte>(Model.Bytes));
        ctx.Write("nodes", writer =>
        {
            WriteNames(writer, Model.Inputs);
            WriteNames(writer, Model.Outputs);
            writer.Write(options.ShapeDictionary?.Count ?? 0);
            foreach (var (name, shape) in options.ShapeDictionary ?? new Dictionary<string, int[]>())
            {
                writer.Write(name);
                writer.WriteArray<int>(shape);
            }
        });
    }

    static ICanSaveModel ILoadable.Load(ModelLoadContext context)
    {
        var bytes = context.Read("OnnxModel", reader => reader.ReadArray<byte>());
        var environment = context.Environment;
        return new OnnxTransformer(bytes, context.Read("nodes", reader => new OnnxOptions
        {
            InputColumns = ReadNames(reader),
            OutputColumns = ReadNames(reader),
            ShapeDictionary = ReadShapes(reader),
            GpuDeviceId = environment.GpuDeviceId,
            FallbackToCpu = environment.FallbackToCpu,
        }));
    }

    private static void WriteNames(BinaryWriter writer, OnnxNode[] nodes)
    {
        writer.Write(nodes.Length);
        foreach (var node in nodes) writer.Write(node.Name);
    }

    private static Dictionary<string, int[]> ReadShapes(BinaryReader reader) =>
        Enumerable.Range(0, reader.ReadInt32()).Select(_ => (reader.ReadString(), reader.ReadArray<int>())).ToDictionary();

    private static string[] ReadNames(BinaryReader reader) => [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadString())];
}
