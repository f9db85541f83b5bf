using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace GanPipeline.ML;

/// <summary>For <c>OneVersusAll</c>: gives it classifiers of two classes that are trained already, one for each class.</summary>
/// <remarks>
/// Where <c>OneVersusAll</c> trains by itself, it maps the labels, and each pass for each class takes all rows through queues between
/// threads. Of thousands of features that takes many times as long as the training, and much memory.
/// </remarks>
/// <param name="trainer">The trainer that made them.</param>
/// <param name="classifiers">The classifiers, by class.</param>
/// <param name="labels">Each row's label, a key: 0 is none, 1 the first class.</param>
internal sealed class TrainedByClass(
    LinearSvmTrainer trainer, IReadOnlyList<BinaryPredictionTransformer<LinearBinaryModelParameters>> classifiers, uint[] labels)
    : ITrainerEstimator<BinaryPredictionTransformer<LinearBinaryModelParameters>, LinearBinaryModelParameters>
{
    public TrainerInfo Info => trainer.Info;

    /// <summary>The classifier of the class that the rows are asked about, which the first row of that class tells.</summary>
    public BinaryPredictionTransformer<LinearBinaryModelParameters> Fit(IDataView input)
    {
        var row = input.GetColumn<bool>(FeatureTable.LabelColumn).TakeWhile(isOf => !isOf).Count();
        return row < labels.Length ? classifiers[(int)labels[row] - 1] : trainer.Fit(input);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => trainer.GetOutputSchema(inputSchema);
}
