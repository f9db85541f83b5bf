namespace GanPipeline.Export;

/// <summary>How a file's weights are matched with a module's; the defaults are right for a state dict of the same network.</summary>
public sealed record WeightOptions
{
    /// <summary>
    /// Whether every parameter and buffer of the module must be in the file, in its shape. Where not, the module keeps what it has of
    /// those that are missing or of another shape. What the file has beyond the module is never an error; the report lists it.
    /// </summary>
    public bool Strict { get; init; } = true;

    /// <summary>
    /// What the file's names begin with where the module's do not, such as <c>generator.</c> in a checkpoint of two networks. Names that
    /// do not begin so are left out. <c>module.</c> (DataParallel) and <c>_orig_mod.</c> (torch.compile) need not be named.
    /// </summary>
    public string Prefix { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = "";

    /// <summary>
    /// Turns a name of the file, without its prefix, into the module's; null leaves it out. Null, the default, takes names as they are.
    /// </summary>
    public Func<string, string?>? Rename { get; init; }

    /// <summary>
    /// Which dictionary of a PyTorch checkpoint holds the weights, such as <c>netG</c> or <c>ema.shadow</c>, by its keys with dots
    /// between. Null, the default, takes the file's only one beside those of optimizers, or <c>state_dict</c>, <c>model_state_dict</c> or
    /// <c>model</c> of several.
    /// </summary>
    public string? Section { get; init; }
}
