using System.Text;
using GanPipeline.Export;
using GanPipeline.Inference;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Fuzzing;

/// <summary>Files of weights in all formats, loaded into a network that they fit.</summary>
internal sealed class WeightsTarget : FuzzTarget
{
    private readonly Lazy<Network> _network = new(() => new Network());

    public override string Name => "weights";

    public override IReadOnlyList<byte[]> Tokens { get; } =
    [
        .. new[]
        {
            "cposix\nsystem\n", "ctorch._utils\n_rebuild_tensor_v2\n", "ccollections\nOrderedDict\n", "ctorch\nHalfStorage\n", ")R",
            "tR", "(", "b", "Q", "q\0", "h\0", "}", "u", "s", "0", "\u0081", "\"F16\"", "\"BOOL\"", "\"I64\"", "[0,8]", "_linear.weight",
            "onnx::Conv_1", "Identity",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    public override bool IsAnswer(Exception e) => e is ModelException;

    public override void Read(string folder, string name, byte[] bytes)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        _ = ModuleWeights.Load(_network.Value, path, new WeightOptions { Strict = false }).ToString();
        _ = ModuleWeights.Load(_network.Value, path);
    }

    protected override IEnumerable<(string Name, byte[] Bytes)> Valid()
    {
        var folder = Directory.CreateTempSubdirectory("gan-fuzz-").FullName;
        try
        {
            using var network = new Network();
            (string Name, long[] Shape, float[] Values)[] tensors = [.. network.state_dict()
                .Where(entry => entry.Value.dtype == ScalarType.Float32)
                .Select(entry => (entry.Key, entry.Value.shape, entry.Value.detach().data<float>().ToArray()))];
            byte[] settings = [.. TorchStateDict.Text("args"), .. TorchStateDict.Global("argparse", "Namespace"), (byte)')', 0x81,
                (byte)'}', .. TorchStateDict.Text("lr"), (byte)'G', 0x3F, 0x2A, 0x36, 0xE2, 0xEB, 0x1C, 0x43, 0x2D, (byte)'s', (byte)'b'];
            var model = Path.Combine(folder, "weights.onnx");
            OnnxExporter.Export(network, model, [1, 6, 6], new ExportOptions { FoldBatchNormalization = false });
            return
            [
                ("weights.pt", TorchStateDict.Archive(tensors)),
                ("settings.pt", TorchStateDict.Archive(TorchStateDict.Pickle(tensors, legacy: false, settings),
                    [.. tensors.Select((tensor, i) => ($"{i}", new byte[4 * tensor.Values.Length]))])),
                ("legacy.pt", TorchStateDict.Legacy(tensors)),
                ("weights.safetensors", SafeTensors(tensors)),
                ("weights.onnx", File.ReadAllBytes(model)),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static byte[] SafeTensors((string Name, long[] Shape, float[] Values)[] tensors)
    {
        var (header, data) = (new StringBuilder("{"), new List<byte>());
        foreach (var (name, shape, values) in tensors)
        {
            var begin = data.Count;
            foreach (var value in values) data.AddRange(BitConverter.GetBytes(value));
            header.Append($"\"{name}\":{{\"dtype\":\"F32\",\"shape\":[{string.Join(',', shape)}],")
                .Append($"\"data_offsets\":[{begin},{data.Count}]}},");
        }
        var json = Utf8(header.ToString().TrimEnd(',') + "}");
        return [.. BitConverter.GetBytes((long)json.Length), .. json, .. data];
    }

    private sealed class Network : Module<Tensor, Tensor>
    {
        private readonly Conv2d _conv;
        private readonly BatchNorm2d _norm;
        private readonly LSTM _lstm;
        private readonly MultiheadAttention _attention;
        private readonly Linear _linear;

        public Network() : base(nameof(Network))
        {
            (_conv, _norm, _lstm) = (Conv2d(1, 4, 3), BatchNorm2d(4), LSTM(4, 2, batchFirst: true, bidirectional: true));
            (_attention, _linear) = (MultiheadAttention(4, 2), Linear(4, 3));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            x = _norm.call(_conv.call(x)).flatten(2).transpose(1, 2);
            var t = _lstm.call(x).Item1.transpose(0, 1);
            return _linear.call(_attention.call(t, t, t, null, false, null).Item1.transpose(0, 1));
        }
    }
}
