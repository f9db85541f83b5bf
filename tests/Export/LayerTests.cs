using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export.Tests;

/// <summary>
/// Every layer in every variant goes through the exporter's own comparison with Torch (1e-4 max(1, |x|)); <see cref="VerificationTests"/>
/// shows that this comparison fails where a layer is exported wrongly.
/// </summary>
public class LayerTests
{
    private static readonly Dictionary<string, (Func<Module<Tensor, Tensor>> Make, long[] Shape)> _layers = new()
    {
        ["Linear"] = (() => Linear(5, 7), [5]),
        ["Linear without bias"] = (() => Linear(5, 7, hasBias: false), [5]),
        ["Linear on sequences"] = (() => Linear(5, 7), [3, 5]),
        ["Linear on sequences without bias"] = (() => Linear(5, 7, hasBias: false), [2, 3, 5]),

        ["Conv2d"] = (() => Conv2d(3, 4, 3), [3, 9, 8]),
        ["Conv2d padding and stride"] = (() => Conv2d(3, 4, 4, stride: 2, padding: 1, bias: false), [3, 9, 8]),
        ["Conv2d unequal sides"] = (() => Conv2d(3, 4, (3, 5), stride: (2, 1), padding: (0, 2), dilation: (1, 2)), [3, 9, 12]),
        ["Conv2d dilation and groups"] = (() => Conv2d(4, 6, 3, padding: 2, dilation: 2, groups: 2), [4, 9, 8]),
        ["Conv2d depthwise"] = (() => Conv2d(4, 8, 3, padding: 1, groups: 4), [4, 6, 6]),
        ["Conv2d same"] = (() => Conv2d(3, 4, 3, Padding.Same), [3, 9, 8]),
        ["Conv2d same, even kernel"] = (() => Conv2d(3, 4, 4, Padding.Same, dilation: 3), [3, 12, 11]),
        ["Conv2d valid"] = (() => Conv2d(3, 4, 3, Padding.Valid, stride: 2), [3, 9, 8]),
        ["Conv2d reflect"] = (() => Conv2d(3, 4, 3, padding: 2, padding_mode: PaddingModes.Reflect), [3, 9, 8]),
        ["Conv2d replicate"] = (() => Conv2d(3, 4, 3, padding: 2, padding_mode: PaddingModes.Replicate), [3, 9, 8]),
        ["Conv2d circular"] = (() => Conv2d(3, 4, 3, padding: 2, stride: 2, padding_mode: PaddingModes.Circular), [3, 9, 8]),

        ["ConvTranspose2d"] = (() => ConvTranspose2d(3, 4, 4), [3, 5, 4]),
        ["ConvTranspose2d DCGAN"] = (() => ConvTranspose2d(3, 4, 4, stride: 2, padding: 1, bias: false), [3, 5, 4]),
        ["ConvTranspose2d output padding"] = (() => ConvTranspose2d(3, 4, 5, stride: 2, padding: 2, output_padding: 1), [3, 5, 4]),
        ["ConvTranspose2d CycleGAN"] = (() => ConvTranspose2d(3, 4, 3, stride: 2, padding: 1, output_padding: 1), [3, 5, 4]),
        ["ConvTranspose2d groups and dilation"] = (() => ConvTranspose2d(
            4,
            6,
            3,
            stride: 2,
            padding: 1,
            output_padding: 1,
            dilation: 2,
            groups: 2), [4, 5, 4]),
        ["ConvTranspose2d unequal sides"] =
            (() => ConvTranspose2d(3, 4, (3, 5), stride: (3, 2), padding: (1, 0), output_padding: (1, 1)), [3, 5, 4]),

        ["BatchNorm1d"] = (() => BatchNorm1d(5, eps: 1e-3), [5]),
        ["BatchNorm1d on sequences"] = (() => BatchNorm1d(5), [5, 6]),
        ["BatchNorm2d"] = (() => BatchNorm2d(3), [3, 4, 5]),
        ["BatchNorm2d not affine"] = (() => BatchNorm2d(3, affine: false), [3, 4, 5]),
        ["InstanceNorm2d"] = (() => InstanceNorm2d(3), [3, 4, 5]),
        ["InstanceNorm2d affine"] = (() => InstanceNorm2d(3, affine: true, eps: 1e-3), [3, 4, 5]),
        ["InstanceNorm2d running statistics"] = (() => InstanceNorm2d(3, affine: true, track_running_stats: true), [3, 4, 5]),
        ["GroupNorm"] = (() => GroupNorm(2, 6), [6, 4, 5]),
        ["GroupNorm not affine"] = (() => GroupNorm(3, 6, affine: false), [6, 4, 5]),
        ["LayerNorm"] = (() => LayerNorm([5]), [4, 5]),
        ["LayerNorm over pictures"] = (() => LayerNorm([3, 4, 5], bias: false), [3, 4, 5]),
        ["LayerNorm not affine"] = (() => LayerNorm([5], elementwise_affine: false), [4, 5]),

        ["ReLU"] = (() => ReLU(), [3, 4]),
        ["ReLU in place"] = (() => ReLU(inplace: true), [3, 4]),
        ["LeakyReLU"] = (() => LeakyReLU(0.2), [3, 4]),
        ["LeakyReLU in place"] = (() => LeakyReLU(0.2, inplace: true), [3, 4]),
        ["Tanh"] = (() => Tanh(), [3, 4]),
        ["Sigmoid"] = (() => Sigmoid(), [3, 4]),
        ["ELU"] = (() => ELU(0.7), [3, 4]),
        ["SELU"] = (() => SELU(), [3, 4]),
        ["SiLU"] = (() => SiLU(), [3, 4]),
        ["Mish"] = (() => Mish(), [3, 4]),
        ["GELU"] = (() => GELU(), [3, 4]),
        ["GELU tanh"] = (() => GELU(TorchSharp.Modules.GELU.Approximate.tanh), [3, 4]),
        ["PReLU"] = (() => PReLU(1), [3, 4]),
        ["PReLU per channel"] = (() => PReLU(3), [3, 4, 5]),
        ["PReLU per feature"] = (() => PReLU(3), [3]),
        ["Softplus"] = (() => Softplus(), [3, 4]),
        ["Softplus beta"] = (() => Softplus(beta: 2.5), [3, 4]),
        ["Softplus threshold"] = (() => Softplus(beta: 1.5, threshold: 0.5), [3, 40]),
        ["ReLU6"] = (() => ReLU6(), [3, 40]),
        ["Hardtanh in place"] = (() => Hardtanh(-0.5, 0.8, inplace: true), [3, 40]),
        ["Hardsigmoid"] = (() => Hardsigmoid(), [3, 40]),
        ["Hardswish"] = (() => Hardswish(), [3, 40]),
        ["Softmax"] = (() => Softmax(1), [3, 4]),
        ["Softmax from the back"] = (() => Softmax(-1), [3, 4]),
        ["LogSoftmax"] = (() => LogSoftmax(1), [3, 4]),

        ["RReLU"] = (() => RReLU(0.1, 0.3), [3, 40]),
        ["CELU"] = (() => CELU(0.7), [3, 40]),
        ["GLU"] = (() => GLU(1), [6, 4]),
        ["Softsign"] = (() => Softsign(), [3, 40]),
        ["LogSigmoid"] = (() => LogSigmoid(), [3, 40]),
        ["Threshold"] = (() => Threshold(0.3, -2), [3, 40]),
        ["Hardshrink"] = (() => Hardshrink(0.7), [3, 40]),
        ["Softshrink"] = (() => Softshrink(0.7), [3, 40]),
        ["Tanhshrink"] = (() => Tanhshrink(), [3, 40]),
        ["Softmax2d"] = (() => Softmax2d(), [3, 4, 5]),
        ["Softmin"] = (() => Softmin(1), [3, 4]),

        ["Identity"] = (() => Identity(), [3, 4]),
        ["Dropout"] = (() => Dropout(0.9), [3, 4]),
        ["Dropout2d"] = (() => Dropout2d(0.9), [3, 4, 5]),
        ["Flatten"] = (() => Flatten(), [3, 4, 5]),
        ["Flatten some axes"] = (() => Flatten(2, 3), [3, 4, 5, 2]),
        ["Unflatten"] = (() => Unflatten(1, [2, 3, 4]), [24]),
        ["Unflatten inferred"] = (() => Unflatten(2, [3, -1]), [5, 12]),
        ["PixelShuffle"] = (() => PixelShuffle(3), [18, 4, 5]),

        ["Unfold"] = (() => Unfold((2, 3), dilation: (2, 1), padding: (1, 0), stride: (1, 2)), [3, 6, 7]),
        ["Fold"] = (() => Fold((6, 7), (2, 3), dilation: (2, 1), padding: (1, 0), stride: (1, 2)), [18, 18]),
        ["PixelUnshuffle"] = (() => PixelUnshuffle(2), [3, 4, 6]),
        ["ChannelShuffle"] = (() => ChannelShuffle(3), [6, 4, 5]),
        ["ConstantPad1d"] = (() => ConstantPad1d((1, 2), 0.5), [3, 5]),
        ["ReflectionPad1d"] = (() => ReflectionPad1d((1, 2)), [3, 5]),
        ["ReplicationPad1d"] = (() => ReplicationPad1d((1, 2)), [3, 5]),
        ["ConstantPad3d"] = (() => ConstantPad3d((1, 2, 0, 1, 2, 0), 0.5), [2, 3, 4, 5]),
        ["ReplicationPad3d"] = (() => ReplicationPad3d((1, 2, 0, 1, 2, 0)), [2, 3, 4, 5]),
        ["ReflectionPad3d"] = (() => ReflectionPad3d((1, 2, 0, 1, 2, 0)), [2, 3, 4, 5]),
        ["ZeroPad2d"] = (() => ZeroPad2d((1, 2, 0, 3)), [3, 4, 5]),
        ["ZeroPad2d that cuts"] = (() => ZeroPad2d((-1, 2, 1, -2)), [3, 6, 5]),
        ["ConstantPad2d"] = (() => ConstantPad2d((1, 2, 0, 3), 1.5), [3, 4, 5]),
        ["ReflectionPad2d CycleGAN"] = (() => ReflectionPad2d(3), [3, 4, 5]),
        ["ReflectionPad2d"] = (() => ReflectionPad2d((1, 2, 0, 3)), [3, 4, 5]),
        ["ReplicationPad2d"] = (() => ReplicationPad2d((1, 2, 0, 3)), [3, 4, 5]),

        ["Upsample nearest"] = (() => Upsample(scale_factor: [2, 3]), [3, 4, 5]),
        ["Upsample nearest, broken factor"] = (() => Upsample(scale_factor: [1.5, 2.5]), [3, 4, 6]),
        ["Upsample nearest to a size"] = (() => Upsample(size: [7, 11]), [3, 3, 5]),
        ["Upsample bilinear"] = (() => Upsample(scale_factor: [2, 2], mode: UpsampleMode.Bilinear), [3, 4, 5]),
        ["Upsample bilinear, corners"] = (() => Upsample(
            scale_factor: [2, 3],
            mode: UpsampleMode.Bilinear,
            align_corners: true), [3, 4, 5]),
        ["Upsample bilinear to a size"] = (() => Upsample(size: [7, 11], mode: UpsampleMode.Bilinear, align_corners: false), [3, 3, 5]),
        ["Upsample bilinear to a smaller size"] = (() => Upsample(
            size: [1, 3],
            mode: UpsampleMode.Bilinear,
            align_corners: false), [3, 4, 5]),
        ["Upsample bicubic"] = (() => Upsample(scale_factor: [2, 2], mode: UpsampleMode.Bicubic), [3, 4, 5]),

        ["MaxPool1d"] = (() => MaxPool1d(3, stride: 2, padding: 1, ceil_mode: true), [3, 8]),
        ["MaxPool3d"] = (() => MaxPool3d([3, 3, 3], stride: [2, 2, 2], padding: [1, 1, 1]), [2, 6, 7, 8]),
        ["AvgPool1d"] = (() => AvgPool1d(3, stride: 2, padding: 1), [3, 8]),
        ["AvgPool3d"] = (() => AvgPool3d([3, 3, 3], stride: [2, 2, 2]), [2, 6, 7, 8]),
        ["LPPool1d"] = (() => LPPool1d(2, 3), [3, 8]),
        ["LPPool2d"] = (() => LPPool2d(2, 3, stride: 2), [3, 8, 9]),
        ["AdaptiveMaxPool1d"] = (() => AdaptiveMaxPool1d(3L), [3, 8]),
        ["AdaptiveAvgPool1d"] = (() => AdaptiveAvgPool1d(3L), [3, 8]),
        ["AdaptiveAvgPool3d"] = (() => AdaptiveAvgPool3d([2, 3, 4]), [2, 5, 6, 8]),
        ["InstanceNorm1d"] = (() => InstanceNorm1d(3, affine: true), [3, 8]),
        ["InstanceNorm3d"] = (() => InstanceNorm3d(3), [3, 4, 5, 6]),
        ["LocalResponseNorm"] = (() => LocalResponseNorm(3), [6, 4, 5]),
        ["MaxPool2d"] = (() => MaxPool2d(2), [3, 6, 7]),
        ["MaxPool2d padding, dilation"] = (() => MaxPool2d(3, stride: 2, padding: 1, dilation: 2), [3, 9, 8]),
        ["MaxPool2d ceil"] = (() => MaxPool2d(3, stride: 2, ceil_mode: true), [3, 8, 7]),
        ["MaxPool2d ceil and padding"] = (() => MaxPool2d(2, stride: 2, padding: 1, ceil_mode: true), [3, 7, 8]),
        ["MaxPool2d ceil, stride beyond the kernel"] = (() => MaxPool2d(2, stride: 3, ceil_mode: true), [2, 4, 27]),
        ["MaxPool2d ceil, the kernel's stride"] = (() => MaxPool2d(3, stride: 3, ceil_mode: true), [2, 4, 27]),
        ["MaxPool2d ceil, stride, padding"] = (() => MaxPool2d(3, stride: 3, padding: 1, ceil_mode: true), [2, 4, 25]),
        ["MaxPool2d ceil, stride beyond the kernel, padding"] = (() => MaxPool2d(2, stride: 3, padding: 1, ceil_mode: true), [2, 4, 25]),
        ["AvgPool2d"] = (() => AvgPool2d(2), [3, 6, 7]),
        ["AvgPool2d padding"] = (() => AvgPool2d(3, stride: 2, padding: 1), [3, 9, 8]),
        ["AvgPool2d padding not counted"] = (() => AvgPool2d(3, stride: 2, padding: 1, count_include_pad: false), [3, 9, 8]),
        ["AvgPool2d ceil"] = (() => AvgPool2d(3, stride: 2, padding: 1, ceil_mode: true), [3, 8, 8]),
        ["AvgPool2d ceil, padding not counted"] = (() => AvgPool2d(
            3,
            stride: 2,
            padding: 1,
            ceil_mode: true,
            count_include_pad: false), [3, 8, 8]),
        ["AvgPool2d divisor"] = (() => AvgPool2d(3, stride: 2, padding: 1, divisor_override: 5), [3, 9, 8]),
        ["AvgPool2d ceil, divisor"] = (() => AvgPool2d(3, stride: 2, padding: 1, ceil_mode: true, divisor_override: 5), [3, 8, 8]),
        ["AdaptiveMaxPool2d even windows"] = (() => AdaptiveMaxPool2d([4, 2]), [3, 8, 6]),
        ["AdaptiveMaxPool2d uneven windows"] = (() => AdaptiveMaxPool2d([4, 4]), [3, 7, 10]),
        ["AdaptiveAvgPool2d to one"] = (() => AdaptiveAvgPool2d([1, 1]), [3, 7, 5]),
        ["AdaptiveAvgPool2d uneven windows"] = (() => AdaptiveAvgPool2d([3, 2]), [3, 7, 5]),
        ["AdaptiveAvgPool2d larger than the picture"] = (() => AdaptiveAvgPool2d([6, 5]), [3, 4, 5]),
    };

    /// <summary>Every layer, with the shape of its input.</summary>
    internal static IEnumerable<(string Name, Func<Module> Make, long[] Shape)> All =>
        _layers.Select(layer => (layer.Key, (Func<Module>)(() => layer.Value.Make().Trained()), layer.Value.Shape));

    public static TheoryData<string, int> Cases()
    {
        var cases = new TheoryData<string, int>();
        foreach (var name in _layers.Keys)
            foreach (var opset in (int[])[ExportOptions.OldestOpset, 17, ExportOptions.NewestOpset]) cases.Add(name, opset);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_layer_alone_agrees_with_Torch(string name, int opset)
    {
        var (make, shape) = _layers[name];
        using var layer = make().Trained();

        var (result, model) = Exported.From(layer, shape, new ExportOptions { Opset = opset });

        Assert.InRange(result.MaxAbsDifference, 0, 1e-4);
        Assert.Equal(opset, model.OpsetImport.Single().Version);
    }

    private static readonly Dictionary<string, (Func<Module> Make, ModelInput[] Inputs)> _several = new()
    {
        ["Bilinear"] = (() => Bilinear(5, 6, 4), [Normal("x", 3, 5), Normal("y", 3, 6)]),
        ["Bilinear without bias"] = (() => Bilinear(5, 6, 4, hasBias: false), [Normal("x", 5), Normal("y", 6)]),
        ["CosineSimilarity"] = (() => CosineSimilarity(2), [Normal("x", 3, 5), Normal("y", 3, 5)]),
        ["PairwiseDistance"] = (() => PairwiseDistance(3, keepdim: true), [Normal("x", 5), Normal("y", 5)]),
        ["MaxUnpool1d"] = (() => new Unpooling(MaxUnpool1d(2)), [Normal("x", 3, 8)]),
        ["MaxUnpool2d"] = (() => new Unpooling(MaxUnpool2d(2)), [Normal("x", 3, 7, 6)]),
        ["MaxUnpool3d"] = (() => new Unpooling(MaxUnpool3d(2)), [Normal("x", 3, 4, 6, 8)]),
        ["EmbeddingBag, mean"] = (() => EmbeddingBag(9, 4), [Numbers("x", 9, 5)]),
        ["EmbeddingBag, sum"] = (() => EmbeddingBag(9, 4, mode: EmbeddingBagMode.Sum), [Numbers("x", 9, 5)]),
        ["EmbeddingBag, max"] = (() => EmbeddingBag(9, 4, mode: EmbeddingBagMode.Max), [Numbers("x", 9, 5)]),
        ["EmbeddingBag of short rows"] = (() => EmbeddingBag(9, 4, max_norm: 0.5), [Numbers("x", 9, 5)]),
        ["EmbeddingBag, mean but for a padding"] = (() => EmbeddingBag(9, 4, padding_index: 2), [Numbers("x", 9, 5)]),
        ["EmbeddingBag, max but for a padding"] = (() => Weighted(EmbeddingBag(9, 4, mode: EmbeddingBagMode.Max, padding_index: 2)),
            [Numbers("x", 9, 5)]),
        ["EmbeddingBag, sum but for a padding"] = (() => Weighted(EmbeddingBag(9, 4, mode: EmbeddingBagMode.Sum, padding_index: 8)),
            [Numbers("x", 9, 5)]),
        ["MultiLabelMarginLoss"] = (() => MultiLabelMarginLoss(), [Normal("x", 5), Numbers("y", 5, 5)]),
        ["MSELoss"] = (() => MSELoss(), [Normal("x", 5), Normal("y", 5)]),
        ["L1Loss"] = (() => L1Loss(Reduction.Sum), [Normal("x", 5), Normal("y", 5)]),
        ["SmoothL1Loss"] = (() => SmoothL1Loss(beta: 0.5), [Normal("x", 5), Normal("y", 5)]),
        ["HuberLoss"] = (() => HuberLoss(0.5), [Normal("x", 5), Normal("y", 5)]),
        ["BCELoss"] = (() => BCELoss(), [Share("x", 5), Share("y", 5)]),
        ["BCEWithLogitsLoss"] = (() => BCEWithLogitsLoss(pos_weights: ones(5) * 2), [Normal("x", 5), Share("y", 5)]),
        ["CrossEntropyLoss"] = (() => CrossEntropyLoss(ones(5) * 2, reduction: Reduction.None), [Normal("x", 5), Numbers("y", 5)]),
        ["NLLLoss"] = (() => NLLLoss(), [Normal("x", 5), Numbers("y", 5)]),
        ["KLDivLoss"] = (() => KLDivLoss(log_target: false), [Normal("x", 5), Share("y", 5)]),
        ["PoissonNLLLoss"] = (() => PoissonNLLLoss(full: true), [Normal("x", 5), Share("y", 5)]),
        ["GaussianNLLLoss"] = (() => GaussianNLLLoss(full: true), [Normal("x", 5), Normal("y", 5), Share("variance", 5)]),
        ["SoftMarginLoss"] = (() => SoftMarginLoss(), [Normal("x", 5), Normal("y", 5)]),
        ["MultiLabelSoftMarginLoss"] = (() => MultiLabelSoftMarginLoss(), [Normal("x", 5), Share("y", 5)]),
        ["HingeEmbeddingLoss"] = (() => HingeEmbeddingLoss(), [Normal("x", 5), Normal("y", 5)]),
        ["MarginRankingLoss"] = (() => MarginRankingLoss(0.3), [Normal("x"), Normal("y"), Normal("z")]),
        ["CosineEmbeddingLoss"] = (() => CosineEmbeddingLoss(0.2), [Normal("x", 5), Normal("y", 5), Normal("z")]),
        ["MultiMarginLoss"] = (() => MultiMarginLoss(2, 0.7), [Normal("x", 5), Numbers("y", 5)]),
        ["TripletMarginLoss"] = (() => TripletMarginLoss(swap: true), [Normal("x", 5), Normal("y", 5), Normal("z", 5)]),
        ["MultiheadAttention, of other sizes"] = (() => new Sequences(MultiheadAttention(8, 2, kdim: 6, vdim: 6)),
            [Normal("x", 4, 8), Normal("y", 3, 6), Normal("z", 3, 6)]),
        ["MultiheadAttention, with masks"] = (() => new Masked(MultiheadAttention(8, 4, bias: false)),
            [Normal("x", 4, 8), Normal("padding", 4)]),
        ["TransformerEncoderLayer"] = (() => new Sequences(TransformerEncoderLayer(8, 2, 12)), [Normal("x", 4, 8)]),
        ["TransformerEncoderLayer, with masks"] = (() => new Masked(TransformerEncoderLayer(8, 4, 12)),
            [Normal("x", 4, 8), Normal("padding", 4)]),
        ["Transformer, with masks"] = (() => new Masked(Transformer(8, 4, 1, 1, 12)), [Normal("x", 4, 8), Normal("padding", 4)]),
        ["TransformerEncoder"] = (() => new Sequences(TransformerEncoder(TransformerEncoderLayer(
            8, 4, 12, activation: Activations.GELU), 2)), [Normal("x", 4, 8)]),
        ["TransformerEncoder, with masks"] = (() => new Masked(TransformerEncoder(TransformerEncoderLayer(8, 4, 12), 2)),
            [Normal("x", 4, 8), Normal("padding", 4)]),
        ["MultiheadAttention, with a mask of truths"] = (() => new Masked(MultiheadAttention(8, 4), ofTruths: true),
            [Normal("x", 4, 8), Normal("padding", 4)]),
        ["TransformerDecoderLayer"] = (() => new Sequences(TransformerDecoderLayer(8, 2, 12, activation: Activations.GELU)),
            [Normal("x", 4, 8), Normal("y", 3, 8)]),
        ["TransformerDecoder"] = (() => new Sequences(TransformerDecoder(TransformerDecoderLayer(8, 1, 12), 2)),
            [Normal("x", 4, 8), Normal("y", 3, 8)]),
        ["TransformerDecoder, with masks"] = (() => new Masked(TransformerDecoder(TransformerDecoderLayer(8, 2, 12), 2)),
            [Normal("x", 4, 8), Normal("padding", 4)]),
        ["Transformer"] = (() => new Sequences(Transformer(8, 4, 2, 1, 12)), [Normal("x", 4, 8), Normal("y", 3, 8)]),
    };

    public static TheoryData<string, int> Several()
    {
        var cases = new TheoryData<string, int>();
        foreach (var name in _several.Keys)
            foreach (var opset in (int[])[ExportOptions.OldestOpset, 17, ExportOptions.NewestOpset]) cases.Add(name, opset);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Several))]
    public void A_layer_of_several_inputs_agrees_with_Torch(string name, int opset)
    {
        var (make, inputs) = _several[name];
        using var layer = make();
        using var folder = new TemporaryFolder();
        OnnxExporter.Export(layer, folder["layer.onnx"], inputs, new() { Opset = opset });
        Inference.ModelCheck.Require(folder["layer.onnx"]);
    }

    /// <summary>Of nine numbers, by offsets.</summary>
    private static readonly Dictionary<string, Func<Module>> _bags = new()
    {
        ["mean"] = () => new Bags(EmbeddingBag(9, 4)),
        ["sum"] = () => new Bags(EmbeddingBag(9, 4, mode: EmbeddingBagMode.Sum)),
        ["max"] = () => new Bags(EmbeddingBag(9, 4, mode: EmbeddingBagMode.Max)),
        ["weighted"] = () => new Bags(EmbeddingBag(9, 4, mode: EmbeddingBagMode.Sum), weighted: true),
        ["with the last offset"] = () => new Bags(EmbeddingBag(9, 4, include_last_offset: true), last: true),
        ["mean but for a padding"] = () => new Bags(Weighted(EmbeddingBag(9, 4, padding_index: 1))),
        ["max but for a padding"] = () => new Bags(Weighted(EmbeddingBag(9, 4, mode: EmbeddingBagMode.Max, padding_index: 1))),
    };

    public static TheoryData<string> BagNames => [.. _bags.Keys];

    [Theory]
    [MemberData(nameof(BagNames))]
    public void EmbeddingBag_takes_bags_by_offsets(string name)
    {
        using var folder = new TemporaryFolder();
        using var network = _bags[name]();
        foreach (var opset in (int[])[16, 18, 25])
        {
            void Export() => OnnxExporter.Export(network, folder["layer.onnx"], [Numbers("x", 9, 6)], new() { Opset = opset });
            if (opset == 16 && name.StartsWith("max", StringComparison.Ordinal))
                Assert.Contains("from operator set 18 on", Assert.Throws<ExportException>(Export).Message);
            else Export();
        }
    }

    [Fact]
    public void What_has_no_form_is_refused_with_advice()
    {
        using var folder = new TemporaryFolder();
        string Refusal(Module layer, params ModelInput[] inputs)
        {
            using (layer)
                return Assert.Throws<ExportException>(() => OnnxExporter.Export(layer, folder["layer.onnx"], inputs)).Message;
        }

        Assert.Contains("leaves out the last row", Refusal(EmbeddingBag(9, 4, include_last_offset: true), Numbers("x", 9, 5)));
        Assert.Contains("add_zero_attn: false", Refusal(new Sequences(MultiheadAttention(8, 2, add_zero_attn: true)),
            Normal("x", 4, 8), Normal("y", 3, 8), Normal("z", 3, 8)));
        Assert.Contains("add_bias_kv: false", Refusal(new Sequences(MultiheadAttention(8, 2, add_bias_kv: true)),
            Normal("x", 4, 8), Normal("y", 3, 8), Normal("z", 3, 8)));
        Assert.Contains("take MaxPool2d", Refusal(FractionalMaxPool2d(2, output_size: 3), Normal("x", 2, 8, 8)));
        Assert.Contains("return what the loss is taken of", Refusal(new CtcLosses(), Normal("x", 4, 5)));
    }

    private static ModelInput Normal(string name, params long[] shape) => ModelInput.Normal(name, shape);

    private static ModelInput Share(string name, params long[] shape) => ModelInput.Uniform(name, shape, 0, 1);

    private static ModelInput Numbers(string name, int count, params long[] shape) => ModelInput.Integers(name, shape, count);

    /// <summary>The largest values of windows, back at their places.</summary>
    private sealed class Unpooling : Module<Tensor, Tensor>
    {
        private readonly Module _layer;

        public Unpooling(Module layer) : base(nameof(Unpooling))
        {
            _layer = layer;
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            var (values, places) = _layer switch
            {
                TorchSharp.Modules.MaxUnpool1d => functional.max_pool1d_with_indices(x, 2),
                TorchSharp.Modules.MaxUnpool2d => functional.max_pool2d_with_indices(x, [2, 2]),
                _ => functional.max_pool3d_with_indices(x, [2, 2, 2]),
            };
            return _layer switch
            {
                TorchSharp.Modules.MaxUnpool1d layer => layer.call(values, places),
                TorchSharp.Modules.MaxUnpool2d layer => layer.call(values, places),
                var layer => ((TorchSharp.Modules.MaxUnpool3d)layer).call(values, places),
            };
        }
    }

    // A padding's row is zeros at first.
    private static TorchSharp.Modules.EmbeddingBag Weighted(TorchSharp.Modules.EmbeddingBag layer)
    {
        using var noGradient = no_grad();
        layer.weight!.copy_(arange(layer.weight.numel()).view(layer.weight.shape).sin());
        return layer;
    }

    private sealed class CtcLosses() : Module<Tensor, Tensor>(nameof(CtcLosses))
    {
        public override Tensor forward(Tensor x) => functional.ctc_loss(x.transpose(0, 1).log_softmax(2),
            ones([x.shape[0], 2], ScalarType.Int64), full(x.shape[0], 4, ScalarType.Int64), full(x.shape[0], 2, ScalarType.Int64));
    }

    /// <summary>Bags of 2, 0 and 4 of each row's six numbers.</summary>
    private sealed class Bags : Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.EmbeddingBag _bags;
        private readonly bool _weighted, _last;

        public Bags(TorchSharp.Modules.EmbeddingBag bags, bool weighted = false, bool last = false) : base(nameof(Bags))
        {
            (_bags, _weighted, _last) = (bags, weighted, last);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            var flat = x.view(-1);
            var row = arange(x.shape[0]).unsqueeze(1) * 6;
            var offsets = (row + tensor(new long[] { 0, 2, 2 })).view(-1);
            if (_last) offsets = cat([offsets, tensor(new[] { 6 * x.shape[0] })], 0);
            return _bags.call(flat, offsets, _weighted ? flat.to_type(ScalarType.Float32) * 0.3f - 1 : null);
        }
    }

    /// <summary>A layer of sequences, time first, behind [N, T, E].</summary>
    private sealed class Sequences : Module<Tensor, Tensor, Tensor, Tensor>
    {
        private readonly Module _layer;

        public Sequences(Module layer) : base(nameof(Sequences))
        {
            _layer = layer;
            RegisterComponents();
        }

        public override Tensor forward(Tensor x, Tensor? y = null, Tensor? z = null)
        {
            x = x.transpose(0, 1);
            y = y?.transpose(0, 1);
            z = z?.transpose(0, 1);
            var result = _layer switch
            {
                TorchSharp.Modules.MultiheadAttention layer => Both(layer.call(x, y!, z!)),
                TorchSharp.Modules.TransformerEncoderLayer layer => layer.call(x),
                TorchSharp.Modules.TransformerEncoder layer => layer.call(x),
                TorchSharp.Modules.TransformerDecoderLayer layer => layer.call(x, y!),
                TorchSharp.Modules.TransformerDecoder layer => layer.call(x, y!),
                var layer => ((TorchSharp.Modules.Transformer)layer).call(x, y!),
            };
            return result.transpose(0, 1);
        }

        private static Tensor Both(Tuple<Tensor, Tensor> results) => results.Item1 + results.Item2.transpose(0, 1).sum(2, keepdim: true);
    }

    /// <summary>A causal mask, and one of the sequence's end that an input says.</summary>
    private sealed class Masked : Module<Tensor, Tensor, Tensor>
    {
        private readonly Module _layer;
        private readonly bool _ofTruths;

        public Masked(Module layer, bool ofTruths = false) : base(nameof(Masked))
        {
            (_layer, _ofTruths) = (layer, ofTruths);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x, Tensor padding)
        {
            x = x.transpose(0, 1);
            var causal = zeros(x.shape[0], x.shape[0]).masked_fill(
                triu(ones(x.shape[0], x.shape[0], dtype: ScalarType.Bool), 1), float.NegativeInfinity);
            if (_ofTruths) causal = causal < 0;
            // The first is never hidden: of nothing to look at there is no mean.
            var hidden = (padding > 0) & (arange(x.shape[0]) > 0);
            var result = _layer switch
            {
                TorchSharp.Modules.MultiheadAttention layer => layer.call(x, x, x, hidden, true, causal).Item1,
                TorchSharp.Modules.TransformerEncoder layer => layer.call(x, causal, hidden),
                TorchSharp.Modules.TransformerEncoderLayer layer => layer.call(x, causal, hidden),
                TorchSharp.Modules.Transformer layer => layer.call(x, x * 2, causal, causal, null, hidden, hidden, hidden),
                var layer => ((TorchSharp.Modules.TransformerDecoder)layer).call(x, x * 2, causal, null, hidden, hidden),
            };
            return result.transpose(0, 1);
        }
    }

    /// <summary>Layers that TorchSharp makes and then refuses to run, or runs otherwise than they say.</summary>
    public static TheoryData<string, string> Refused => new()
    {
        { "Hardtanh", "inplace: true" },
        { "Unflatten", "take 2 in place of -1" },
        { "unequal output paddings", "[2, 1]" },
        { "output padding of the stride", "output padding of 2" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_TorchSharp_does_not_do_is_refused_before_anything_runs(string name, string says)
    {
        using var scope = NewDisposeScope();
        var x = name == "Unflatten" ? randn(1, 5, 12) : randn(1, 3, 5, 12);
        using Module<Tensor, Tensor> layer = name switch
        {
            "Hardtanh" => Hardtanh(-0.5, 0.8),
            "Unflatten" => Unflatten(-1, [3, -1]),
            "unequal output paddings" => ConvTranspose2d(3, 4, (3, 5), stride: (3, 2), output_padding: (2, 1)),
            _ => ConvTranspose2d(3, 4, 5, stride: 2, output_padding: 2),
        };
        // So does TorchSharp: the day it does not, the refusal can go.
        if (name == "Hardtanh") Assert.True(layer.call(x).Equals(x));
        else Assert.ThrowsAny<Exception>(() => layer.call(x));

        long[] shape = name == "Unflatten" ? [5, 12] : [3, 5, 12];
        Assert.Contains(says, Assert.Throws<ExportException>(() => OnnxExporter.Convert(layer, shape)).Message, StringComparison.Ordinal);
    }
}
