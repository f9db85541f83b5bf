namespace Microsoft.ML.Trainers;

/// <summary>Options of trainers that learn from one example after the other.</summary>
public abstract class OnlineLinearOptions : TrainerInputBaseWithLabel
{
    private protected OnlineLinearOptions() { }

    /// <summary>The passes over the training data.</summary>
    public int NumberOfIterations = 1;

    /// <summary>Whether each pass is in another order, where the view can give one.</summary>
    public bool Shuffle = true;
}
