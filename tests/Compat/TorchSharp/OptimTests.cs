using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanPipeline.Compat.Tests;

[Collection(OneAtATime.Name)]
public class OptimTests
{
    private const int Steps = 6, Changes = 4;

    private static readonly long[][] Shapes = [[5, 4, 3, 3], [7], [3, 2], []];

    private sealed record Case(string Python, Func<IEnumerable<Parameter>, OptimizerHelper> Create);

    private static readonly Case[] Cases =
    [
        new("torch.optim.Adam(p)", p => optim.Adam(p)),
        new("torch.optim.Adam(p, lr=2e-4, betas=(0.5, 0.999), eps=1e-7)", p => optim.Adam(p, 2e-4, 0.5, 0.999, 1e-7)),
        new("torch.optim.Adam(p, lr=0.01, eps=0.1)", p => optim.Adam(p, 0.01, eps: 0.1)),
        new("torch.optim.Adam(p, lr=0.01, weight_decay=0.1)", p => optim.Adam(p, 0.01, weight_decay: 0.1)),
        new("torch.optim.Adam(p, lr=0.01, amsgrad=True)", p => optim.Adam(p, 0.01, amsgrad: true)),
        new("torch.optim.Adam(p, lr=0.01, maximize=True)", p => optim.Adam(p, 0.01, maximize: true)),
        new("torch.optim.SGD(p, lr=0.1)", p => optim.SGD(p, 0.1)),
        new("torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01)", p => optim.SGD(p, 0.1, 0.9, weight_decay: 0.01)),
        new("torch.optim.SGD(p, lr=0.1, momentum=0.9, dampening=0.3)", p => optim.SGD(p, 0.1, 0.9, 0.3)),
        new("torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True, maximize=True)",
            p => optim.SGD(p, 0.1, 0.9, nesterov: true, maximize: true)),
    ];

    // Six steps, of which the fifth and sixth at a tenth of the rate; in the third one parameter has no gradient.
    [PeerFact(PyTorch.Python, "-c", PyTorch.Imports)]
    public void Steps_AreEqualToPyTorchs()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var sent = new Dictionary<string, Tensor>();
        for (var i = 0; i < Shapes.Length; i++)
        {
            sent[$"parameter/{i}"] = randn(Shapes[i]);
            for (var step = 0; step < Steps; step++) sent[$"gradient/{step}/{i}"] = randn(Shapes[i]);
        }
        var ours = new Dictionary<string, Tensor>();
        for (var i = 0; i < Cases.Length; i++) Run(Cases[i], $"{i}", sent, ours);

        var theirs = PyTorch.Run("peer_optimizers.py", sent, Cases.Index().ToDictionary(c => $"{c.Index}",
            c => new { python = c.Item.Python, parameters = Shapes.Length, steps = Steps, changes = Changes }));

        Assert.Equal(theirs.Keys.Order(), ours.Keys.Order());
        // Parameters are of size 1, so that this is a few units in the last place of float32.
        var wrong = theirs.Select(entry => (entry.Key, Difference: PyTorch.Difference(ours[entry.Key], entry.Value)))
            .Where(entry => !(entry.Difference <= 1e-6))
            .Select(entry => $"{Cases[int.Parse(entry.Key.Split('/')[0])].Python}: {entry.Key} differs by {entry.Difference:g3}");
        Assert.Empty(wrong);
    }

    private static void Run(Case c, string name, Dictionary<string, Tensor> sent, Dictionary<string, Tensor> ours)
    {
        var parameters = Shapes.Index().Select(shape => new Parameter(sent[$"parameter/{shape.Index}"].clone())).ToList();
        using var optimizer = c.Create(parameters);
        for (var step = 0; step < Steps; step++)
        {
            if (step == Changes)
                foreach (var group in optimizer.ParamGroups) group.LearningRate *= 0.1;
            for (var i = 0; i < Shapes.Length; i++)
                parameters[i].grad = (step, i) == (2, 1) ? null : sent[$"gradient/{step}/{i}"].clone();
            optimizer.step();
            for (var i = 0; i < Shapes.Length; i++) ours[$"{name}/{step}/{i}"] = parameters[i].detach().clone();
        }
        foreach (var (i, state) in optimizer.state_dict().State.Index())
            foreach (var (key, value) in Parts(state))
                if (value is not null) ours[$"{name}/state/{i}/{key}"] = value.clone();
    }

    private static (string, Tensor?)[] Parts(OptimizerState state) => state switch
    {
        Adam.State adam =>
        [
            ("step", tensor((float)adam.step)), ("exp_avg", adam.exp_avg), ("exp_avg_sq", adam.exp_avg_sq),
            ("max_exp_avg_sq", adam.max_exp_avg_sq),
        ],
        SGD.State sgd => [("momentum_buffer", sgd.momentum_buffer)],
        _ => throw new ArgumentException($"{state.GetType()}"),
    };

    [Fact]
    public void State_Loaded_ContinuesBitForBit()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var first = new Parameter(randn(4, 3));
        var gradients = Enumerable.Range(0, 6).Select(_ => randn(4, 3)).ToList();
        using var one = optim.Adam([first], 0.01);
        Take(one, first, gradients[..3]);

        var second = new Parameter(first.detach().clone());
        using var other = optim.Adam([second], 0.5);
        other.load_state_dict(one.state_dict());
        Take(one, first, gradients[3..]);
        Take(other, second, gradients[3..]);

        Assert.Equal(first.data<float>().ToArray(), second.data<float>().ToArray());
        Assert.Equal(6, ((Adam.State)other.state_dict().State[0]).step);
        Assert.Equal(0.01, other.ParamGroups.Single().LearningRate);
    }

    // What a checkpoint does: the state's own tensors are written into.
    [Fact]
    public void State_WrittenInto_IsTheOptimisers()
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(ones(2));
        using var adam = optim.Adam([parameter], 0.1, 0.5, 0.5, eps: 0);
        var state = (Adam.State)adam.state_dict().State[0];
        state.step = 1;
        using (no_grad())
        {
            state.exp_avg.fill_(1);
            state.exp_avg_sq.fill_(4);
        }
        Take(adam, parameter, [ones(2)]);
        // m = 1, v = 2.5, corrections 1 - 0.5²: p = 1 - 0.1 (1 / 0.75) / √(2.5 / 0.75).
        Assert.Equal(1 - 0.1 / 0.75 / Math.Sqrt(2.5 / 0.75), parameter[0].ToDouble(), 6);
    }

    [Fact]
    public void State_OfAnotherNumberOfParameters_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var one = optim.Adam([new Parameter(ones(2))]);
        using var two = optim.Adam([new Parameter(ones(2)), new Parameter(ones(2))]);
        Assert.Contains("2 parameters", Assert.Throws<ArgumentException>(() => one.load_state_dict(two.state_dict())).Message);
    }

    // The pass over float32 in the CPU's memory against the operators that do the same elsewhere, and on a large tensor
    // on several threads.
    [Fact]
    public void Adam_IsTheSame_OnPlainAndOnTransposedTensors()
    {
        using var scope = NewDisposeScope();
        manual_seed(8);
        var start = randn(300, 257);
        var plain = new Parameter(start.clone());
        var transposed = new Parameter(start.t().contiguous().t());
        using var one = optim.Adam([plain], 0.01, eps: 1e-3);
        using var other = optim.Adam([transposed], 0.01, eps: 1e-3);
        for (var step = 0; step < 4; step++)
        {
            var gradient = randn(300, 257);
            Take(one, plain, [gradient]);
            Take(other, transposed, [gradient.t().contiguous().t()]);
        }
        Assert.True(plain.is_contiguous() && !transposed.is_contiguous());
        Assert.True(PyTorch.Difference(plain, transposed) <= 1e-6);
        Assert.True(PyTorch.Difference(plain, start) > 0.01);
    }

    // What has been changed since a forward pass must not be used by its backward pass.
    [Fact]
    public void Step_BetweenForwardAndBackward_IsNoticed()
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(ones(3));
        using var adam = optim.Adam([parameter]);
        var loss = parameter.pow(2).sum();
        Take(adam, parameter, [ones(3)]);
        Assert.Contains("modified by an inplace operation", Assert.ThrowsAny<Exception>(() => loss.backward()).Message);
    }

    [Theory]
    [InlineData(-1, 0.9, 0.999)]
    [InlineData(double.NaN, 0.9, 0.999)]
    [InlineData(0.1, 1, 0.999)]
    [InlineData(0.1, 0.9, -0.1)]
    public void Adam_WithSettingsOutOfRange_IsRefused(double rate, double beta1, double beta2) =>
        Assert.Throws<ArgumentException>(() => optim.Adam([], rate, beta1, beta2));

    [Fact]
    public void SameParameterTwice_IsRefused()
    {
        using var parameter = new Parameter(ones(2));
        Assert.Throws<ArgumentException>(() => optim.SGD([parameter, parameter], 0.1));
    }

    [Fact]
    public void ZeroGrad_SetsGradientsToZero()
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(ones(2));
        parameter.grad = ones(2);
        using var sgd = optim.SGD([parameter], 0.1);
        sgd.zero_grad();
        Assert.Equal([0f, 0f], parameter.grad!.data<float>().ToArray());
    }

    [Fact]
    public void Closure_IsCalledWithGradients_AndItsLossReturned()
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(full([1], 3f));
        using var sgd = optim.SGD([parameter], 0.5);
        var loss = sgd.step(() =>
        {
            var value = parameter.pow(2).sum();
            value.backward();
            return value;
        });
        Assert.Equal(9, loss.ToDouble(), 6);
        Assert.Equal(0, parameter[0].ToDouble(), 6);
    }

    private static void Take(optim.Optimizer optimizer, Parameter parameter, List<Tensor> gradients)
    {
        foreach (var gradient in gradients)
        {
            parameter.grad = gradient.clone();
            optimizer.step();
        }
    }
}
