using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>
/// One step of a classifier's training: an update of all its weights by Adam. Create it after the classifier is on its device.
/// </summary>
internal sealed class ClassifierStep : IDisposable
{
    private readonly Classifier _classifier;
    private readonly ClassifierHeads _heads;

    /// <param name="classifier">What learns.</param>
    /// <param name="learningRate">The first step's.</param>
    public ClassifierStep(Classifier classifier, double learningRate)
    {
        (_classifier, _heads) = (classifier, new(classifier.Fields));
        Optimizer = new(classifier.Trunk.parameters().Concat(classifier.Head.parameters()), learningRate);
    }

    /// <summary>Its learning rate is the next step's.</summary>
    public FusedAdam Optimizer { get; }

    /// <summary>Updates the weights.</summary>
    /// <param name="images">[N, C, H, W] in [-1, 1].</param>
    /// <param name="targets">Label vectors [N, K].</param>
    /// <returns>The loss before the update, a scalar, and how many images each attribute was read right of, [fields].</returns>
    public (Tensor Loss, Tensor Right) Run(Tensor images, Tensor targets)
    {
        var logits = _classifier.Head.call(_classifier.Trunk.call(images));
        var loss = _heads.Loss(logits, targets);
        _classifier.Trunk.zero_grad();
        _classifier.Head.zero_grad();
        loss.backward();
        Optimizer.Step();
        return (loss.detach(), _heads.CountRight(logits.detach(), targets));
    }

    /// <summary>Frees the optimiser's tensors; the classifier stays.</summary>
    public void Dispose() => Optimizer.Dispose();
}
