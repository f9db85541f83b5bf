using GanPipeline.Inference;
using static TorchSharp.torch;

namespace GanPipeline.Export;

/// <summary>What makes features of images out of a discriminator, as a graph and in Torch.</summary>
internal interface IFeatureSource
{
    /// <summary>Whether there is anything to take.</summary>
    bool Any { get; }

    /// <summary>The features [N, F] of images, and which part of them each layer makes.</summary>
    (OnnxValue Features, IReadOnlyList<FeatureLayer> Layers) Describe(OnnxGraph graph, OnnxValue images);

    /// <summary>The same in Torch.</summary>
    Tensor Compute(Tensor images);
}
