namespace TorchSharp.Modules;

/// <summary>A normalisation over channels with its scale, shift and running statistics.</summary>
public abstract class NormBase : torch.nn.Module<torch.Tensor, torch.Tensor>
{
    private Parameter? _weight;
    private Parameter? _bias;
    private torch.Tensor? _runningMean;
    private torch.Tensor? _runningVar;
    private torch.Tensor? _batches;

    public NormBase(long num_features, double eps, double? momentum, bool affine, bool track_running_stats,
        torch.Device? device, torch.ScalarType? dtype, string name) : base(name)
    {
        this.num_features = num_features;
        this.eps = eps;
        this.momentum = momentum;
        this.affine = affine;
        this.track_running_stats = track_running_stats;
        if (affine)
        {
            weight = new Parameter(torch.ones([num_features], dtype, device));
            bias = new Parameter(torch.zeros([num_features], dtype, device));
        }
        if (!track_running_stats) return;
        running_mean = torch.zeros([num_features], dtype, device);
        running_var = torch.ones([num_features], dtype, device);
        num_batches_tracked = torch.zeros([], torch.ScalarType.Int64, device);
    }

    public long num_features { get; }

    public double eps { get; set; }

    /// <summary>The weight of a batch's statistics in the running ones: new = (1 - momentum) old + momentum batch.</summary>
    public double? momentum { get; set; }

    public bool affine { get; }

    public bool track_running_stats { get; }

    public Parameter weight
    {
        get => _weight!;
        set => SetParameter(nameof(weight), _weight = value);
    }

    public Parameter? bias
    {
        get => _bias;
        set => SetParameter(nameof(bias), _bias = value);
    }

    public torch.Tensor? running_mean
    {
        get => _runningMean;
        set => SetBuffer(nameof(running_mean), _runningMean = value);
    }

    public torch.Tensor? running_var
    {
        get => _runningVar;
        set => SetBuffer(nameof(running_var), _runningVar = value);
    }

    public torch.Tensor? num_batches_tracked
    {
        get => _batches;
        set => SetBuffer(nameof(num_batches_tracked), _batches = value);
    }

    protected abstract void ValidateInputDimensions(torch.Tensor input);
}
