using System.Globalization;
using GanPipeline.Inference;
using Google.Protobuf;
using Microsoft.ML;
using Microsoft.ML.Data;
using Onnx;

namespace GanPipeline.ML;

/// <summary>Writes a trained chain as one ONNX file, from image to class, and compares both.</summary>
internal sealed class ClassifierSaving
{
    private const string Predicted = "PredictedLabel";
    private const int Images = 256;

    // The same features, multiplied and added by another program: each score is a sum of up to some 10,000 products, rounded to 6e-8 of
    // the largest in turn, and an exponential of such sums is off by as much in its argument.
    private const double Tolerance = 1e-3;

    private readonly MLContext _ml = new();
    private readonly ClassifierChain _chain;
    private readonly IDataView _images;
    private readonly IDataView _scored;
    private readonly DataViewSchema.Column _score;

    /// <exception cref="ArgumentException">The model has no features, or makes no scores that are read.</exception>
    public ClassifierSaving(ITransformer model, IDataView data, string scoreColumnName)
    {
        _chain = new(model);
        _images = _ml.Data.TakeRows(_chain.Images(data), Images);
        _scored = _chain.Classifier.Transform(_chain.Features.Transform(_images));
        _score = _scored.Schema.GetColumnOrNull(scoreColumnName) ?? throw new ArgumentException(
            $"The model adds no column '{scoreColumnName}': it is not a trained classifier.", nameof(model));
    }

    /// <summary>The file's content, after it has given the same scores.</summary>
    /// <exception cref="InvalidOperationException">A step behind the features has no ONNX form.</exception>
    /// <exception cref="ModelException">The file does not give what the model gives.</exception>
    public (SavedClassifier Saved, byte[] Bytes) Make(string attribute)
    {
        var labels = Labels(attribute);
        var images = Rows(_images, _chain.Features.InputColumnName);
        if (images.Length == 0) throw new ArgumentException("The data have no row to compare with.");
        var scores = Rows(_scored, _score.Name);
        var isCalibrated = AreProbabilities(scores, labels.Fields[0]);
        var bytes = Model(labels, isCalibrated).ToByteArray();
        using var classifier = Open(bytes);
        var logits = classifier.Logits(new ImageTensor([.. images.SelectMany(image => image)], images.Length,
            classifier.Channels, classifier.Height, classifier.Width)).Chunk(labels.Size).ToArray();
        var difference = Compare(scores, logits, labels.Fields[0], isCalibrated);
        return (new SavedClassifier(labels, isCalibrated, images.Length, difference), bytes);
    }

    private static ClassifierModel Open(byte[] bytes)
    {
        try
        {
            return ClassifierModel.Load(bytes);
        }
        catch (ModelException e)
        {
            throw new ModelException($"The classifier's ONNX form cannot be run: {e.Message}", e);
        }
    }

    private ModelProto Model(LabelLayout labels, bool isCalibrated)
    {
        var transform = _chain.Features.Inner;
        var features = ModelProto.Parser.ParseFrom(transform.Model.Bytes);
        var classifier = Converted();
        var score = _score.Name + ".output";
        if (classifier.Graph.Output.All(output => output.Name != score))
            throw new InvalidOperationException($"ML.NET's converter to ONNX leaves out the column '{_score.Name}': a step behind the " +
                "features has no ONNX form.");
        var areProbabilities = isCalibrated && labels.Fields[0].Kind == LabelKind.Categorical;
        var model = ClassifierGraph.Join(
            features, transform.Kind.ModelOutput, classifier, _chain.Features.OutputColumnName, score, labels.Size, areProbabilities);
        string[] old = [ModelMetadata.Features, ModelMetadata.Labels, ModelMetadata.UncalibratedScores];
        foreach (var entry in model.MetadataProps.Where(entry => old.Contains(entry.Key)).ToArray()) model.MetadataProps.Remove(entry);
        model.MetadataProps.Add(new StringStringEntryProto { Key = ModelMetadata.Labels, Value = labels.ToJson() });
        if (!isCalibrated)
            model.MetadataProps.Add(new StringStringEntryProto { Key = ModelMetadata.UncalibratedScores, Value = "true" });
        return model;
    }

    private ModelProto Converted()
    {
        // Columns of other types are no inputs of a graph, and a classifier of features does not read them. The view is one that ML.NET
        // does not see through: its converter would begin at the first transform that it knows.
        var input = new EmptyView(_chain.Features.GetOutputSchema(_images.Schema)
            .Where(column => !column.IsHidden && IsConvertible(column.Type)));
        using var stream = new MemoryStream();
        try
        {
            _ml.Model.ConvertToOnnx(_chain.Classifier, input, stream);
        }
        catch (Exception e) when (e is InvalidOperationException or NotSupportedException or ArgumentException)
        {
            throw new InvalidOperationException($"A step behind the features has no ONNX form, as ML.NET's converter says: {e.Message}", e);
        }
        return ModelProto.Parser.ParseFrom(stream.ToArray());
    }

    private static bool IsConvertible(DataViewType type)
    {
        var item = type is VectorDataViewType { IsKnownSize: true } vector ? vector.ItemType : type;
        return item is TextDataViewType or BooleanDataViewType or NumberDataViewType or KeyDataViewType;
    }

    /// <summary>The classes' names, in the order of the scores.</summary>
    private LabelLayout Labels(string attribute)
    {
        if (_score.Type.Equals(NumberDataViewType.Single)
            && _scored.Schema.GetColumnOrNull(Predicted)?.Type is BooleanDataViewType)
            return LabelLayout.FromFields([LabelField.Binary(attribute)]);
        if (_score.Type is not VectorDataViewType { IsKnownSize: true, Size: > 1 } vector
            || !vector.ItemType.Equals(NumberDataViewType.Single))
            throw new ArgumentException($"The column '{_score.Name}' ({_score.Type}) holds no classes' scores.");
        var names = Names(vector.Size) ?? throw new ArgumentException($"The column '{_score.Name}' does not say which classes its " +
            $"{vector.Size} scores are of: the model is no classifier, or its label's keys have no names (MapValueToKey gives them).");
        return LabelLayout.FromFields([LabelField.Categorical(attribute, names)]);
    }

    /// <summary>The classes' names as the scores carry them, and as the predicted keys do; null where neither says.</summary>
    private string[]? Names(int count)
    {
        (DataViewSchema.Column? Column, string Annotation)[] places =
        [
            (_score, "SlotNames"), (_score, "TrainingLabelValues"), (_scored.Schema.GetColumnOrNull(Predicted), "KeyValues"),
        ];
        return places.Where(place => place.Column is not null)
            .Select(place => NameAnnotations.Read(place.Column!.Value.Annotations, place.Annotation))
            .FirstOrDefault(names => names?.Length == count);
    }

    private static float[][] Rows(IDataView view, string column) => view.Schema[column].Type is VectorDataViewType
        ? [.. view.GetColumn<float[]>(column)]
        : [.. view.GetColumn<float>(column).Select(value => new[] { value })];

    /// <summary>Whether scores of classes add up to 1, and that of a binary label is the logarithm of its odds.</summary>
    private bool AreProbabilities(float[][] scores, LabelField field)
    {
        if (field.Kind == LabelKind.Categorical)
            return scores.All(row => row.All(score => score is >= 0 and <= 1) && Math.Abs(row.Sum() - 1) < Tolerance);
        if (_scored.Schema.GetColumnOrNull("Probability") is null) return false;
        var probabilities = _scored.GetColumn<float>("Probability");
        return scores.Zip(probabilities).All(row => Math.Abs(1 / (1 + Math.Exp(-row.First[0])) - row.Second) < Tolerance);
    }

    private double Compare(float[][] scores, float[][] logits, LabelField field, bool isCalibrated)
    {
        double difference = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            // Probabilities as they are, other scores beside the largest.
            var scale = Math.Max(1, scores[i].Max(Math.Abs));
            Func<float, double> ofScore = score => score / scale, ofLogit = ofScore;
            if (isCalibrated)
            {
                var isBinary = field.Kind == LabelKind.Binary;
                ofScore = isBinary ? Logistic : score => score;
                ofLogit = isBinary ? Logistic : logit => Math.Exp(logit);
            }
            difference = Math.Max(difference, scores[i].Zip(logits[i]).Max(pair => Math.Abs(ofScore(pair.First) - ofLogit(pair.Second))));
        }
        if (!(difference <= Tolerance))
        {
            throw new ModelException(string.Create(CultureInfo.InvariantCulture,
                $"The classifier's ONNX form gives other scores than ML.NET: {difference:G3} apart, where {Tolerance} is allowed."));
        }
        if (field.Kind == LabelKind.Binary
            && scores.Zip(_scored.GetColumn<bool>(Predicted)).Any(row => row.First[0] > 0 != row.Second))
            throw new ArgumentException("The model's threshold is not 0; a classifier file has no other.");
        return difference;

        static double Logistic(float score) => 1 / (1 + Math.Exp(-score));
    }
}
