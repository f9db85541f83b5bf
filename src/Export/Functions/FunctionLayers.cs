using TorchSharp.Modules;

namespace GanPipeline.Export;

/// <summary>Layers that do what a function does, and those that have no form.</summary>
internal static class FunctionLayers
{
    public static void AddTo(LayerConverters layers, FunctionConverters functions)
    {
        layers.Section = "Activations";
        layers.Add<RReLU>(functions, "rrelu");

        layers.Section = "Embeddings";
        layers.Add<EmbeddingBag>(EmbeddingBags.Convert,
            "By offsets from operator set 16 on, in mode Max from 18 on.");

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
        layers.Add<MultiLabelMarginLoss>(functions, "multi_label_margin_loss");
        layers.Refuse<TripletMarginWithDistanceLoss>("is a loss by a function that the exporter cannot see; " +
            "write it out in forward(), as clamp(distance(a, p) - distance(a, n) + margin, min: 0).mean()");
    }
}
