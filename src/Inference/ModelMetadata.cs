namespace GanPipeline.Inference;

/// <summary>Keys of the metadata in the project's ONNX files (<c>metadata_props</c>).</summary>
public static class ModelMetadata
{
    /// <summary>The pipeline that made the model.</summary>
    public const string Pipeline = "GanPipeline.Pipeline";

    /// <summary>The network's architecture, such as <c>dcgan</c>.</summary>
    public const string Architecture = "GanPipeline.Architecture";

    /// <summary>The data set that it was trained on.</summary>
    public const string DataSet = "GanPipeline.DataSet";

    /// <summary>Values of one latent, in invariant decimal digits.</summary>
    public const string LatentSize = "GanPipeline.LatentSize";

    /// <summary>What latents are drawn from; see <see cref="StandardNormal"/>.</summary>
    public const string LatentDistribution = "GanPipeline.LatentDistribution";

    /// <summary>What a conditional model can be told, or what a classifier reads in the order of its logits, as <see cref="LabelLayout.ToJson"/> writes it.</summary>
    public const string Labels = "GanPipeline.Labels";

    /// <summary>
    /// Of a conditional generator: labels of training pictures, as <see cref="LabelExamples.ToJson"/> writes them. What a request
    /// leaves open is taken from one of them.
    /// </summary>
    public const string LabelExamples = "GanPipeline.LabelExamples";

    /// <summary>Of a features model: the layers that its vector is made of, as <see cref="FeatureLayer.Write"/> puts them.</summary>
    public const string Features = "GanPipeline.Features";

    /// <summary>Of a features model: <c>true</c> where its features are the means of those of an image and of its mirror image.</summary>
    public const string MirroredFeatures = "GanPipeline.MirroredFeatures";

    /// <summary>Of a features model: real training images that the batch normalisations' statistics were computed over.</summary>
    public const string CalibrationImages = "GanPipeline.CalibrationImages";

    /// <summary>The range of image values: ONNX's own key, here always <see cref="NormalizedRange"/>.</summary>
    public const string PixelRange = "Image.NominalPixelRange";

    /// <summary>Generator updates that the training made.</summary>
    public const string TrainingSteps = "GanPipeline.TrainingSteps";

    /// <summary>Hash of the training run: its options and its data's fingerprint.</summary>
    public const string TrainingHash = "GanPipeline.TrainingHash";

    /// <summary>Version of the project that exported the model.</summary>
    public const string Version = "GanPipeline.Version";

    /// <summary>The one value of <see cref="LatentDistribution"/> so far.</summary>
    public const string StandardNormal = "StandardNormal";

    /// <summary>The value of <see cref="PixelRange"/>: [-1, 1].</summary>
    public const string NormalizedRange = "Normalized_1_1";
}
