using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>The blocks of a classifier's logits, one an attribute: the loss of all of them, and which are right.</summary>
internal sealed class ClassifierHeads(IReadOnlyList<LabelField> fields)
{
    /// <summary>The sum of the attributes' cross-entropies, each a mean over the images.</summary>
    /// <param name="logits">[N, K].</param>
    /// <param name="targets">[N, K]: label vectors, one-hot for each categorical attribute, 0 or 1 for a binary one.</param>
    public Tensor Loss(Tensor logits, Tensor targets) => Blocks(logits, targets)
        .Select(b => b.Field.Kind == LabelKind.Binary
            ? functional.binary_cross_entropy_with_logits(b.Logits, b.Targets)
            : functional.cross_entropy(b.Logits, b.Targets))
        .Aggregate((sum, loss) => sum + loss);

    /// <summary>How many images of the batch each attribute was read right of, float32 [fields].</summary>
    public Tensor CountRight(Tensor logits, Tensor targets) => stack(Blocks(logits, targets)
        .Select(b => (b.Field.Kind == LabelKind.Binary
            ? (b.Logits > 0).eq(b.Targets > 0.5).squeeze(1)
            : b.Logits.argmax(1).eq(b.Targets.argmax(1))).to(float32).sum()));

    private IEnumerable<(LabelField Field, Tensor Logits, Tensor Targets)> Blocks(Tensor logits, Tensor targets)
    {
        long at = 0;
        foreach (var field in fields)
        {
            yield return (field, logits.narrow(1, at, field.Width), targets.narrow(1, at, field.Width));
            at += field.Width;
        }
    }
}
