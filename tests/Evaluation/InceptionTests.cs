using System.Globalization;
using System.Runtime.InteropServices;
using GanPipeline.Inference;
using GanPipeline.Inference.Tests;
using static Onnx.TensorProto.Types;

namespace GanPipeline.Evaluation.Tests;

/// <summary>The protocols of FID, with a network that has an Inception's form and nothing else of it.</summary>
public sealed class InceptionTests : IDisposable
{
    // The first 2048 of 16 x 12 x 12 sums of 24 x 24 pixels.
    private const string Peer = """
        import numpy as np, torch, torch.nn.functional as F
        x = torch.from_numpy(np.fromfile(d + '/' + n, np.uint8).reshape(-1, 3, 17, 21)).float()
        w = torch.from_numpy(np.fromfile(d + '/w', np.float32).reshape(16, 3, 24, 24))
        net = lambda v: torch.relu(F.conv2d(v, w, stride=24).flatten(1)[:, :2048])
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly float[] _weights = Latents.Normal(5, 0, 16, 3 * 24 * 24);

    [PeerFact("/usr/bin/python3", "-c", "import numpy, torch")]
    public void Pixels_in_0_to_1_are_taken_as_pytorch_fid_does() => AgreesWithPyTorchFid(free: false);

    [PeerFact("/usr/bin/python3", "-c", "import numpy, torch")]
    public void A_free_size_becomes_299() => AgreesWithPyTorchFid(free: true);

    private void AgreesWithPyTorchFid(bool free)
    {
        using var evaluator = Evaluator.Load(Write(free), new ModelOptions { PixelRange = PixelRange.ZeroToOne });
        Assert.True(evaluator is { IsInception: true, IsTensorFlow: false });
        Agree(evaluator, """
            v = F.interpolate(x / 255, size=(299, 299), mode='bilinear', align_corners=False)
            net(v).numpy().astype(np.float32).tofile(d + '/features')
            """);
    }

    [PeerFact("/usr/bin/python3", "-c", "import numpy, torch")]
    public void Pixels_in_0_to_255_are_taken_as_torch_fidelity_does()
    {
        using var evaluator = Evaluator.Load(Write(free: false), new ModelOptions { PixelRange = PixelRange.ZeroTo255 });
        Assert.True(evaluator is { IsInception: true, IsTensorFlow: true });
        // TensorFlow 1: pixels at their corners.
        Agree(evaluator, """
            def along(v, dim):
                old = v.shape[dim]
                p = torch.arange(299) * (old / 299)
                i = p.floor().long()
                shape = [1] * 4; shape[dim] = 299
                t = (p - i).reshape(shape)
                return v.index_select(dim, i) * (1 - t) + v.index_select(dim, (i + 1).clamp(max=old - 1)) * t
            net(along(along(x, 2), 3)).numpy().astype(np.float32).tofile(d + '/features')
            """);
    }

    [Fact]
    public void Networks_of_another_form_are_no_Inception()
    {
        using var ours = Evaluator.Load(TestModels.Features);
        Assert.False(ours.IsInception);
        var few = new TestGraph().Input("image", DataType.Float, -1, 3, -1, -1).Output("features", DataType.Float, -1, 3)
            .Node("GlobalAveragePool", "image -> means").Node("Flatten", "means -> features");
        File.WriteAllBytes(_folder["few.onnx"], few.Bytes);
        Assert.Contains("takes images of any size and gives 3 features",
            Assert.Throws<ModelException>(() => Evaluator.Load(_folder["few.onnx"])).Message, StringComparison.Ordinal);
    }

    /// <summary>Features as the peer computes them, of 8-bit pictures that are not square.</summary>
    private void Agree(Evaluator evaluator, string steps)
    {
        var pixels = new byte[4 * 3 * 17 * 21];
        new Random(1).NextBytes(pixels);
        File.WriteAllBytes(_folder["x"], pixels);
        File.WriteAllBytes(_folder["w"], MemoryMarshal.AsBytes(_weights.AsSpan()).ToArray());
        var (code, _, error) = Peers.Run(Peers.Python, "-c", $"d, n = '{_folder["."]}', 'x'\n{Peer}\n{steps}");
        Assert.True(code == 0, error);
        var expected = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(_folder["features"]));
        var found = evaluator.Extract([ImageTensor.FromBytes(pixels, 4, 3, 17, 21)]).Vectors.Span;
        Assert.Equal(expected.Length, found.Length);
        var largest = 0f;
        foreach (var v in expected) largest = Math.Max(largest, v);
        // Sums of 1,728 products of float32, whose order differs.
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], found[i], largest * 1e-5f);
    }

    private string Write(bool free)
    {
        var side = free ? -1 : 299;
        var graph = new TestGraph().Input("image", DataType.Float, -1, 3, side, side).Output("features", DataType.Float, -1, 2048)
            .Floats("w", [16, 3, 24, 24], _weights).Whole("from", 0).Whole("to", 2048).Whole("axis", 1)
            .Node("Conv", "image, w -> sums", ("strides", new long[] { 24, 24 })).Node("Flatten", "sums -> flat")
            .Node("Slice", "flat, from, to, axis -> some").Node("Relu", "some -> features");
        var path = _folder[string.Create(CultureInfo.InvariantCulture, $"inception{side}.onnx")];
        File.WriteAllBytes(path, graph.Bytes);
        return path;
    }

    public void Dispose() => _folder.Dispose();
}
