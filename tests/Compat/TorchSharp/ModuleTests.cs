using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Compat.Tests;

[Collection(OneAtATime.Name)]
public class ModuleTests
{
    private sealed class Block : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> _inner;
        private readonly Parameter scale;
        private readonly Tensor offset;
        private readonly Parameter? absent;
        private readonly int _ignored = 3;

        public Block(long size) : base("Block")
        {
            _inner = Sequential(("first", Linear(size, size)), ("norm", BatchNorm1d(size)));
            scale = Parameter(ones(size));
            offset = zeros(size);
            absent = null;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => _inner.call(input) * scale + offset + (absent is null ? 0 : _ignored);
    }

    private sealed class Pair : Module<Tensor, Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> left = Linear(2, 3);
        private readonly Module<Tensor, Tensor> right = Linear(4, 3);

        public Pair() : base(nameof(Pair)) => RegisterComponents();

        public override Tensor forward(Tensor input1, Tensor input2) => left.call(input1) + right.call(input2);
    }

    private sealed class Unnamed : Module<Tensor, Tensor>
    {
        public Unnamed() : base(nameof(Unnamed)) => register_parameter("a.b", Parameter(ones(1)));

        public override Tensor forward(Tensor input) => input;
    }

    [Fact]
    public void RegisteredFields_NameParametersBuffersAndSubmodules()
    {
        using var block = new Block(4);
        Assert.Equal(["scale", "_inner.first.weight", "_inner.first.bias", "_inner.norm.weight", "_inner.norm.bias"],
            block.named_parameters().Select(named => named.name));
        Assert.Equal(["offset", "_inner.norm.running_mean", "_inner.norm.running_var", "_inner.norm.num_batches_tracked"],
            block.named_buffers().Select(named => named.name));
        Assert.Equal(["_inner"], block.named_children().Select(named => named.name));
        Assert.Equal(["_inner", "_inner.first", "_inner.norm"], block.named_modules().Select(named => named.name));
        Assert.Equal(["scale"], block.named_parameters(recurse: false).Select(named => named.name));
        Assert.Equal("Block", block.GetName());
    }

    [Fact]
    public void StateDict_HoldsParametersAndPersistentBuffers_AndCanBePrefixed()
    {
        using var block = new Block(2);
        block.register_buffer("passing", zeros(1), persistent: false);
        string[] names =
        [
            "scale", "offset", "_inner.first.weight", "_inner.first.bias",
            "_inner.norm.weight", "_inner.norm.bias", "_inner.norm.running_mean", "_inner.norm.running_var", "_inner.norm.num_batches_tracked",
        ];
        Assert.Equal(names, block.state_dict().Keys);
        Assert.Equal(names.Select(name => "net." + name), block.state_dict(prefix: "net").Keys);
        Assert.Contains("passing", block.named_buffers().Select(named => named.name));
        Assert.DoesNotContain("passing", block.named_buffers(include_nonpersistent: false).Select(named => named.name));
    }

    [Fact]
    public void StateDict_RoundTrip_MakesTwoNetworksEqual()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using Block one = new(3), other = new(3);
        one.call(randn(8, 3));
        var (missing, unexpected) = other.load_state_dict(one.state_dict());
        Assert.Empty(missing);
        Assert.Empty(unexpected);
        foreach (var (name, value) in one.state_dict()) Assert.True(value.Equals(other.state_dict()[name]), name);
        Assert.All(other.parameters(), parameter => Assert.True(parameter.requires_grad && parameter.is_leaf));
    }

    [Fact]
    public void LoadStateDict_ThatDoesNotFit_SaysWhatAndChangesNothing()
    {
        using var scope = NewDisposeScope();
        using var linear = Linear(2, 2);
        var before = linear.weight.data<float>().ToArray();
        var state = new Dictionary<string, Tensor> { ["weight"] = zeros(2, 2), ["wieght"] = zeros(2, 2) };
        var error = Assert.Throws<InvalidOperationException>(() => linear.load_state_dict(state));
        Assert.Contains("missing [bias]", error.Message);
        Assert.Contains("unexpected [wieght]", error.Message);
        state = new Dictionary<string, Tensor> { ["weight"] = zeros(2, 2), ["bias"] = zeros(3) };
        Assert.Contains("'bias' has the shape [3]", Assert.Throws<ArgumentException>(() => linear.load_state_dict(state)).Message);
        Assert.Equal(before, linear.weight.data<float>().ToArray());

        var (missing, unexpected) = linear.load_state_dict(new() { ["weight"] = zeros(2, 2), ["x"] = zeros(1) }, strict: false);
        Assert.Equal(["bias"], missing);
        Assert.Equal(["x"], unexpected);
        Assert.Equal(0, linear.weight.abs().sum().ToDouble());
        linear.load_state_dict(new() { ["weight"] = ones(2, 2) }, skip: ["bias"]);
        Assert.Equal(4, linear.weight.sum().ToDouble());
    }

    [Fact]
    public void SequentialsModules_AreNumbered_OrNamed()
    {
        using var numbered = Sequential(Linear(2, 3), ReLU(), Linear(3, 1));
        Assert.Equal(["0.weight", "0.bias", "2.weight", "2.bias"], numbered.state_dict().Keys);
        Assert.Equal(3, numbered.Count);
        Assert.IsType<ReLU>(numbered[1]);
        numbered.append(Tanh());
        Assert.Equal(["0", "1", "2", "3"], numbered.named_children().Select(named => named.name));
        using var named = Sequential(("in", Linear(2, 3)), ("out", Linear(3, 1)));
        Assert.Equal(["in.weight", "in.bias", "out.weight", "out.bias"], named.state_dict().Keys);
        using var empty = Sequential();
        using var x = ones(2);
        using var y = empty.call(x);
        Assert.True(y.Equals(x) && !ReferenceEquals(x, y));
    }

    [Fact]
    public void ModuleList_NumbersItsItems_AlsoAfterChanges()
    {
        using var list = ModuleList<Module<Tensor, Tensor>>(Linear(2, 2), ReLU());
        list.Add(Linear(2, 1));
        Assert.Equal(["0.weight", "0.bias", "2.weight", "2.bias"], list.state_dict().Keys);
        list.RemoveAt(1);
        Assert.Equal(["0.weight", "0.bias", "1.weight", "1.bias"], list.state_dict().Keys);
        Assert.Equal(2, list.Count);
    }

    [Fact]
    public void TrainAndEval_ReachEveryModule()
    {
        using var block = new Block(2);
        Assert.True(block.training);
        block.eval();
        Assert.All(block.modules().Append(block), module => Assert.False(module.training));
        block.train();
        Assert.All(block.modules().Append(block), module => Assert.True(module.training));
    }

    [Fact]
    public void TwoInputs_AndSharedParameters()
    {
        using var scope = NewDisposeScope();
        using var pair = new Pair();
        Assert.Equal([5, 3], pair.call(ones(5, 2), ones(5, 4)).shape);
        using var shared = Linear(2, 2);
        using var twice = Sequential(shared, ReLU(), shared);
        Assert.Equal(["0.weight", "0.bias"], twice.named_parameters().Select(named => named.name));
    }

    [Fact]
    public void ZeroGrad_TakesGradientsAway_OrSetsThemToZero()
    {
        using var scope = NewDisposeScope();
        using var linear = Linear(2, 1);
        linear.call(ones(1, 2)).sum().backward();
        linear.zero_grad(set_to_none: false);
        Assert.Equal(0, linear.weight.grad!.abs().sum().ToDouble());
        linear.zero_grad();
        Assert.All(linear.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void Apply_CallsSubmodulesBeforeTheModule()
    {
        using var net = Sequential(Linear(1, 1), Sequential(Tanh()));
        var names = new List<string>();
        net.apply(module => names.Add(module.GetName()));
        Assert.Equal(["Linear", "Tanh", "Sequential", "Sequential"], names);
    }

    [Fact]
    public void GetParameterAndBuffer_FindDottedNames()
    {
        using var block = new Block(2);
        Assert.NotNull(block.get_parameter("_inner.first.weight"));
        Assert.NotNull(block.get_buffer("_inner.norm.running_var"));
        Assert.Null(block.get_parameter("_inner.third.weight"));
        Assert.Null(block.get_parameter("_inner.first.running_var"));
    }

    [Fact]
    public void NameWithADot_OrTakenAlready_IsRefused()
    {
        Assert.Contains("'a.b'", Assert.Throws<ArgumentException>(() => new Unnamed()).Message);
        using var net = Sequential(("a", Tanh()));
        using var other = Tanh();
        Assert.Contains("'a'", Assert.Throws<ArgumentException>(() => net.register_module("a", other)).Message);
    }

    [Fact]
    public void To_ConvertsParametersBuffersAndGradients_ButNotCounters()
    {
        using var scope = NewDisposeScope();
        using var net = Sequential(Linear(2, 2), BatchNorm1d(2));
        var weight = ((Linear)net[0]).weight;
        net.call(randn(4, 2)).sum().backward();
        net.to(ScalarType.Float64).to(CPU);
        Assert.All(net.parameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.dtype));
        Assert.All(net.parameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.grad!.dtype));
        Assert.Equal(ScalarType.Int64, ((BatchNorm1d)net[1]).num_batches_tracked!.dtype);
        Assert.True(((Linear)net[0]).weight.requires_grad);
        Assert.Equal(ScalarType.Float64, weight.dtype);
        Assert.Equal([4, 2], net.call(randn([4, 2], ScalarType.Float64)).shape);
    }

    [Fact]
    public void BatchNorm2d_GivesTheNameThatThePackageGivesIt()
    {
        using var norm = BatchNorm2d(3);
        Assert.Equal("BatchNorm1d", norm.GetName());
        Assert.Throws<ArgumentException>(() => norm.call(ones(2, 3)));
    }

    // Within U(-1/√fan_in, 1/√fan_in), and of its deviation 1/√(3 fan_in) to four standard errors.
    [Fact]
    public void InitialWeights_AreOfPyTorchsDistribution()
    {
        using var scope = NewDisposeScope();
        manual_seed(11);
        foreach (var (parameter, fanIn) in new (Tensor, long)[]
        {
            (Linear(50, 400).weight, 50), (Linear(50, 400).bias!, 50), (Conv2d(8, 100, 5).weight, 200),
            (ConvTranspose2d(100, 40, 4).weight, 640),
        })
        {
            var bound = 1 / Math.Sqrt(fanIn);
            var expected = bound / Math.Sqrt(3);
            Assert.True(parameter.abs().max().ToDouble() <= bound);
            Assert.Equal(expected, parameter.std().ToDouble(), expected * 4 / Math.Sqrt(parameter.numel()));
        }
        var weight = zeros(300, 200);
        Assert.Equal(0.02, init.normal_(weight, 0, 0.02).std().ToDouble(), 0.0005);
        Assert.Equal(Math.Sqrt(2.0 / 500), init.xavier_normal_(weight).std().ToDouble(), 0.001);
        Assert.Equal(Math.Sqrt(2.0 / 200), init.kaiming_normal_(weight, nonlinearity: init.NonlinearityType.ReLU).std().ToDouble(), 0.002);
        Assert.Equal(3, init.constant_(weight, 3).mean().ToDouble(), 1e-6);
    }

    [Fact]
    public void Dropout_KeepsTheMean_AndPassesInEvaluation()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        using var dropout = Dropout(0.3);
        var y = dropout.call(ones(100_000));
        Assert.Equal(0.3, y.eq(0).to_type(ScalarType.Float32).mean().ToDouble(), 0.01);
        Assert.Equal(1, y.mean().ToDouble(), 0.01);
        dropout.eval();
        Assert.Equal(100_000, dropout.call(ones(100_000)).sum().ToDouble());
    }

    [Fact]
    public void Losses_AreTheFunctionsOfTheirNames()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new[] { 0.3f, -1.2f }).reshape(2, 1);
        var targets = tensor(new[] { 1f, 0f }).reshape(2, 1);
        static double Softplus(double x) => Math.Log(1 + Math.Exp(x));
        var expected = (Softplus(-0.3) + Softplus(-1.2)) / 2;
        Assert.Equal(expected, BCEWithLogitsLoss().call(logits, targets).ToDouble(), 6);
        Assert.Equal(expected, BCELoss().call(logits.sigmoid(), targets).ToDouble(), 6);
        Assert.Equal(2 * expected, BCEWithLogitsLoss(reduction: Reduction.Sum).call(logits, targets).ToDouble(), 6);
        Assert.Equal((0.49 + 1.44) / 2, MSELoss().call(logits, targets).ToDouble(), 6);
        var classes = tensor(new[] { 0L, 0L });
        Assert.Equal(0, CrossEntropyLoss().call(logits, classes).ToDouble(), 6);
    }
}
