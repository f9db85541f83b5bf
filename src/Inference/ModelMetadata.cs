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

    /// <summary>The distribution of latents; see <see cref="StandardNormal"/>.</summary>
    public const string LatentDistribution = "GanPipeline.LatentDistribution";

    /// <summary>
    /// The labels of a conditional model, or of a classifier in the order of its logits, as <see cref="LabelLayout.ToJson"/> writes them.
    /// </summary>
    public const string Labels = "GanPipeline.Labels";

    /// <summary>
    /// Conditional generators: labels of some training images, as <see cref="LabelExamples.ToJson"/> writes them. Values that a request
    /// does not give are taken from one of them.
    /// </summary>
    public const string LabelExamples = "GanPipeline.LabelExamples";

    /// <summary>
    /// Discriminators of pairs: how many of an image's channels, the first ones, are those of the image that the others are made of, in
    /// invariant decimal digits.
    /// </summary>
    public const string ConditionChannels = "GanPipeline.ConditionChannels";

    /// <summary>
    /// Text encoders, and generators that are told texts: the words or characters that they know, as
    /// <see cref="GanPipeline.Vocabulary.ToJson"/> writes them.
    /// </summary>
    public const string Vocabulary = "GanPipeline.Vocabulary";

    /// <summary>
    /// Generators that are told texts: captions of some training images, a JSON array of texts. An image that no text is given for takes
    /// one of them.
    /// </summary>
    public const string TextExamples = "GanPipeline.TextExamples";

    /// <summary>
    /// Networks that make images of images and poses: what their poses are, as <see cref="PoseLayout.ToJson"/> writes it.
    /// </summary>
    public const string Pose = "GanPipeline.Pose";

    /// <summary>Classifiers: <c>true</c> if no probabilities follow from the logits, as of a support vector machine.</summary>
    public const string UncalibratedScores = "GanPipeline.UncalibratedScores";

    /// <summary>Feature models: the layers of the vector, as <see cref="FeatureLayer.Write"/> writes them.</summary>
    public const string Features = "GanPipeline.Features";

    /// <summary>Feature models: <c>true</c> if each feature is the mean of those of the image and of its mirror image.</summary>
    public const string MirroredFeatures = "GanPipeline.MirroredFeatures";

    /// <summary>
    /// Feature models whose features have a mean of 0 and a deviation of 1: on how many training images they do.
    /// </summary>
    public const string StandardizedFeatures = "GanPipeline.StandardizedFeatures";

    /// <summary>Feature models: the number of training images from which the statistics of batch normalisation were computed.</summary>
    public const string CalibrationImages = "GanPipeline.CalibrationImages";

    /// <summary>Translators of images of any size: height and width of those that it was trained on, such as <c>256,256</c>.</summary>
    public const string TrainedSize = "GanPipeline.TrainedSize";

    /// <summary>Translators of images of any size: what height and width are multiples of, in invariant decimal digits.</summary>
    public const string SideMultiple = "GanPipeline.SideMultiple";

    /// <summary>Translators of images of any size: the least height and width.</summary>
    public const string LeastSide = "GanPipeline.LeastSide";

    /// <summary>
    /// Translators with a second input <c>noise</c> [N, K], which decides what dropout drops: the distribution of its numbers; see
    /// <see cref="Uniform"/>.
    /// </summary>
    public const string NoiseDistribution = "GanPipeline.NoiseDistribution";

    /// <summary>The range of image values: ONNX's own key, here always <see cref="NormalizedRange"/>.</summary>
    public const string PixelRange = "Image.NominalPixelRange";

    /// <summary>
    /// Reduced forms of a model (<see cref="ReducedPrecision"/>): <c>float16</c>, <c>bfloat16</c>, <c>float16-compute</c> or <c>int8</c>.
    /// </summary>
    public const string Precision = "GanPipeline.Precision";

    /// <summary>Generator updates that the training made.</summary>
    public const string TrainingSteps = "GanPipeline.TrainingSteps";

    /// <summary>A hash of the training's options and of its data's fingerprint.</summary>
    public const string TrainingHash = "GanPipeline.TrainingHash";

    /// <summary>Version of the project that exported the model.</summary>
    public const string Version = "GanPipeline.Version";

    /// <summary>The only value of <see cref="LatentDistribution"/>.</summary>
    public const string StandardNormal = "StandardNormal";

    /// <summary>The only value of <see cref="NoiseDistribution"/>: from 0 to below 1.</summary>
    public const string Uniform = "Uniform";

    /// <summary>The value of <see cref="PixelRange"/>: [-1, 1].</summary>
    public const string NormalizedRange = "Normalized_1_1";
}
