namespace GanPipeline.Training;

/// <summary>What several objectives do not go together with.</summary>
internal static class ObjectiveRules
{
    /// <exception cref="ArgumentException">The share is not one.</exception>
    public static void RequireFlips(ObjectiveOptions options)
    {
        // At a half and above the discriminator would learn nothing, or the opposite.
        if (options.LabelFlips is not (>= 0 and < 0.5)) throw new ArgumentException($"The share of flipped labels lies from 0 to below 0.5; got {options.LabelFlips}.");
    }

    /// <exception cref="ArgumentException">The generator's loss is asked to be what only cross-entropy has.</exception>
    public static void RefuseSaturating(ObjectiveOptions options)
    {
        if (options.Saturating)
            throw new ArgumentException($"The saturating generator's loss belongs to the objective 'cross-entropy'; '{options.Name}' has one form only.");
    }

    /// <exception cref="ArgumentException">Targets are moved where there are none.</exception>
    public static void RefuseTargets(ObjectiveOptions options)
    {
        if (options is not { RealTarget: 1, GeneratedTarget: 0, RealNoise: 0, GeneratedNoise: 0 })
            throw new ArgumentException($"The objective '{options.Name}' has no targets that smoothing or noise could move; take 'cross-entropy' or 'least-squares', or leave them out.");
    }
}
