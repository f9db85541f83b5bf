using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using DataType = Onnx.TensorProto.Types.DataType;

namespace GanPipeline.Export;

/// <summary>Layers that do what a function does, and those that have no form.</summary>
internal static class FunctionLayers
{
    public static void AddTo(LayerConverters layers, FunctionConverters functions)
    {
        layers.Section = "Activations";
        layers.Add<RReLU>(functions, "rrelu");

        layers.Section = "Embeddings";
        layers.Add<EmbeddingBag>(Bag, "Of [N, L] numbers; with offsets, or a padding index, it is refused.");

        layers.Section = "Shapes";
        layers.Add<Fold>(functions, "fold");
        layers.Add<Unfold>(functions, "functional.unfold");

        layers.Section = "Pooling";
        layers.Add<MaxUnpool1d>(functions, "max_unpool1d");
        layers.Add<MaxUnpool2d>(functions, "max_unpool2d");
        layers.Add<MaxUnpool3d>(functions, "max_unpool3d");
        layers.Refuse<AdaptiveMaxPool3d>("fails in TorchSharp 0.107; take MaxPool3d");
        layers.Refuse<FractionalMaxPool2d>("draws its windows at random; take MaxPool2d or AdaptiveMaxPool2d");
        layers.Refuse<FractionalMaxPool3d>("draws its windows at random; take MaxPool3d or AdaptiveMaxPool3d");

        layers.Section = "Two inputs";
        layers.Add<Bilinear>(functions, "bilinear");
        layers.Add<CosineSimilarity>(functions, "cosine_similarity");
        layers.Add<PairwiseDistance>(functions, "pairwise_distance");

        layers.Section = "Losses";
        layers.Add<BCELoss>(functions, "binary_cross_entropy");
        layers.Add<BCEWithLogitsLoss>(functions, "binary_cross_entropy_with_logits");
        layers.Add<CosineEmbeddingLoss>(functions, "cosine_embedding_loss");
        layers.Add<CrossEntropyLoss>(functions, "cross_entropy");
        layers.Add<GaussianNLLLoss>(functions, "gaussian_nll_loss");
        layers.Add<HingeEmbeddingLoss>(functions, "hinge_embedding_loss");
        layers.Add<HuberLoss>(functions, "huber_loss");
        layers.Add<KLDivLoss>(functions, "kl_div");
        layers.Add<L1Loss>(functions, "l1_loss");
        layers.Add<MarginRankingLoss>(functions, "margin_ranking_loss");
        layers.Add<MSELoss>(functions, "mse_loss");
        layers.Add<MultiLabelSoftMarginLoss>(functions, "multilabel_soft_margin_loss");
        layers.Add<MultiMarginLoss>(functions, "multi_margin_loss");
        layers.Add<NLLLoss>(functions, "nll_loss");
        layers.Add<PoissonNLLLoss>(functions, "poisson_nll_loss");
        layers.Add<SmoothL1Loss>(functions, "smooth_l1_loss");
        layers.Add<SoftMarginLoss>(functions, "soft_margin_loss");
        layers.Add<TripletMarginLoss>(functions, "triplet_margin_loss");
        layers.Refuse<CTCLoss>("is a loss " + LossFunctions.No);
        layers.Refuse<MultiLabelMarginLoss>("is a loss " + LossFunctions.No);
        layers.Refuse<TripletMarginWithDistanceLoss>("is a loss by a function that the exporter cannot see; " +
            "write it out in forward(), as clamp(distance(a, p) - distance(a, n) + margin, min: 0).mean()");
    }

    private static OnnxValue[] Bag(FunctionCall call)
    {
        var graph = call.Graph;
        var layer = (EmbeddingBag)call.Call.Layer!;
        if (call.TracedX.Shape.Length != 2)
            throw graph.Error("takes bags by offsets, which ONNX has no operator for; give it [N, L] numbers, L of each bag");
        var mode = ModeOf(layer) ??
            throw graph.Error("leaves out a padding index, which the exporter does not know; use Embedding, a mask and a sum");
        var rows = graph.Apply("Gather", [graph.Constant(layer.weight!, "weight"), call.X], call.Type,
            [.. call.X.Dimensions, layer.weight!.shape[1]], ("axis", 0));
        if (call.At(2) is TracedValue weights) rows *= ShapeFunctions.Unsqueeze(graph, graph.Cast(call.Value(weights), DataType.Float), 2);
        var op = mode switch { EmbeddingBagMode.Sum => "ReduceSum", EmbeddingBagMode.Mean => "ReduceMean", _ => "ReduceMax" };
        return [ReductionFunctions.Reduce(graph, op, rows, [1], keep: false)];
    }

    // What it does with a bag is not to be read; a bag of each entry, the next and the next again tells. Null where it is none of them.
    private static EmbeddingBagMode? ModeOf(EmbeddingBag layer)
    {
        using var scope = NewDisposeScope();
        var weight = layer.weight!.detach();
        var count = weight.shape[0];
        var entries = arange(count, ScalarType.Int64, weight.device).view(-1, 1);
        var bags = cat([entries, (entries + 1).remainder(count), (entries + 1).remainder(count)], 1);
        var result = layer.forward(bags, null, null);
        var rows = weight[TensorIndex.Tensor(bags)];
        foreach (var mode in (EmbeddingBagMode[])[EmbeddingBagMode.Mean, EmbeddingBagMode.Sum, EmbeddingBagMode.Max])
        {
            var expected = mode switch
            {
                EmbeddingBagMode.Mean => rows.mean([1]),
                EmbeddingBagMode.Sum => rows.sum(1),
                _ => rows.amax([1]),
            };
            if ((result - expected).abs().max().item<float>() <= 1e-4 * Math.Max(1, expected.abs().max().item<float>())) return mode;
        }
        return null;
    }
}
