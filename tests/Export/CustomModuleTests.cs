using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export.Tests;

/// <summary>Modules of a user's own: described by themselves, by a converter, or recorded.</summary>
public class CustomModuleTests
{
    [Fact]
    public void A_module_that_describes_itself_may_branch_and_call_children_in_any_order()
    {
        using var network = Sequential(("stem", Conv2d(3, 4, 3, padding: 1)), ("block", new Residual(4)), ("head", Flatten())).Trained();
        var model = Exported.From(network, [3, 6, 6]).Model;

        Assert.Equal(["Conv", "Conv", "Relu", "Conv", "Add", "Conv", "Concat", "Flatten"], model.Operators());
        Assert.Contains("block__second_weight", model.Graph.Initializer.Select(tensor => tensor.Name));
    }

    [Fact]
    public void A_module_of_two_inputs_and_two_outputs()
    {
        using var network = new Conditional().Trained();
        using var folder = new TemporaryFolder();
        OnnxExporter.Export(new ExportDescription
        {
            Modules = [("", network)],
            Inputs = [ModelInput.Normal("latent", [4]), ModelInput.Integers("label", [], 3)],
            Outputs = ["sum", "product"],
            Graph = (graph, x) => graph.CallAll(network, x),
            Torch = x => { var (sum, product) = network.call(x[0], x[1]); return [sum, product]; },
        }, folder["model.onnx"]);

        var inputs = Exported.Read(folder["model.onnx"]).Graph.Input;
        Assert.Equal(["latent", "label"], inputs.Select(input => input.Name));
    }

    [Fact]
    public void A_registered_converter_teaches_a_type_and_what_derives_from_it()
    {
        using var network = Sequential(Linear(4, 4), new Scaled(2.5f), new ScaledMore()).Trained();
        var options = new ExportOptions { Converters = ModuleConverters.Default.With<Scaled>((graph, module, x) => x * module.Factor) };

        Assert.Equal(["Gemm", "Mul", "Mul"], Exported.From(network, [4], options).Model.Operators());
        // Without it, and with the set that it was made from, forward() is recorded.
        Assert.Equal(["Gemm", "Mul", "Mul"], Exported.From(network, [4]).Model.Operators());
    }

    [Fact]
    public void A_converter_goes_before_the_exporters_own()
    {
        using var network = Sequential(SiLU());
        var options = new ExportOptions
        {
            Converters = ModuleConverters.Default.With<SiLU>((graph, _, x) => graph.Elementwise("Sigmoid", x) * x),
        };
        Assert.Equal(["Sigmoid", "Mul"], Exported.From(network, [4], options).Model.Operators());
    }

    [Fact]
    public void A_module_of_the_programs_own_is_recorded_under_its_path()
    {
        using var network = Sequential(("main", Sequential(Linear(4, 4), ReLU(), Linear(4, 4), new Scaled(2))));
        var model = Exported.From(network, [4]).Model;

        Assert.Equal(["Gemm", "Relu", "Gemm", "Mul"], model.Operators());
        Assert.Equal("main_3_Mul", model.Graph.Node[^1].Name);
    }

    [Fact]
    public void Children_are_never_taken_for_the_order_of_calls()
    {
        using var network = new CallsBackwards();
        Assert.Equal(["Gemm", "Relu"], Exported.From(network, [4]).Model.Operators());
        // A Sequential with a forward() of its own is no Sequential any more.
        using var derived = new Reversed(Linear(4, 4), ReLU());
        Assert.Equal(["Relu", "Gemm"], Exported.From(derived, [4]).Model.Operators());
        // Without one it still is.
        using var named = new Named(Linear(4, 4), ReLU());
        Assert.Equal(["Gemm", "Relu"], Exported.From(named, [4]).Model.Operators());
    }

    [Fact]
    public void A_module_that_is_no_registered_child_is_named_by_its_type()
    {
        using var network = new HidesItsChild();
        Assert.Equal("Scaled_Mul", Exported.From(network, [4]).Model.Graph.Node.Single().Name);
    }

    /// <summary>A skip connection, and two branches concatenated, registered in another order than they are called.</summary>
    private sealed class Residual : Module<Tensor, Tensor>, IOnnxExportable
    {
        private readonly Module<Tensor, Tensor> _branch;
        private readonly Module<Tensor, Tensor> _second;
        private readonly Module<Tensor, Tensor> _first;

        public Residual(int channels) : base(nameof(Residual))
        {
            _branch = Conv2d(channels, 2, 1);
            _second = Conv2d(channels, channels, 3, padding: 1);
            _first = Sequential(Conv2d(channels, channels, 3, padding: 1), ReLU());
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            var y = _second.call(_first.call(x)) + x;
            return cat([y, _branch.call(y)], 1);
        }

        public OnnxValue[] Describe(OnnxGraph graph, OnnxValue[] inputs)
        {
            var y = graph.Call(_second, graph.Call(_first, inputs)) + inputs[0];
            return [graph.Concat(1, y, graph.Call(_branch, y))];
        }
    }

    /// <summary>Adds and multiplies a row of a table that a label chooses.</summary>
    private sealed class Conditional : Module<Tensor, Tensor, (Tensor, Tensor)>, IOnnxExportable
    {
        private readonly Parameter _table;

        public Conditional() : base(nameof(Conditional))
        {
            _table = new Parameter(randn(3, 4));
            RegisterComponents();
        }

        public override (Tensor, Tensor) forward(Tensor latent, Tensor label)
        {
            var row = _table.index_select(0, label);
            return (latent + row, latent * row);
        }

        public OnnxValue[] Describe(OnnxGraph graph, OnnxValue[] inputs)
        {
            var row = graph.Operator("Gather", [graph.Constant(_table, "table"), inputs[1]], [OnnxGraph.Batch, 4], ("axis", 0));
            return [inputs[0] + row, inputs[0] * row];
        }
    }

    private class Scaled(float factor) : Module<Tensor, Tensor>(nameof(Scaled))
    {
        public float Factor { get; } = factor;

        public override Tensor forward(Tensor x) => x * Factor;
    }

    private sealed class ScaledMore() : Scaled(3);

    private sealed class CallsBackwards : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> _second = ReLU();
        private readonly Module<Tensor, Tensor> _first = Linear(4, 4);

        public CallsBackwards() : base(nameof(CallsBackwards)) => RegisterComponents();

        public override Tensor forward(Tensor x) => _second.call(_first.call(x));
    }

    private sealed class HidesItsChild() : Module<Tensor, Tensor>(nameof(HidesItsChild)), IOnnxExportable
    {
        public override Tensor forward(Tensor x) => x * 2;

        public OnnxValue[] Describe(OnnxGraph graph, OnnxValue[] inputs) => [graph.Call(new Scaled(2), inputs)];
    }

    private sealed class Reversed(params Module<Tensor, Tensor>[] modules) : Sequential(modules)
    {
        public override Tensor forward(Tensor x) => ((Module<Tensor, Tensor>)this[0]).call(((Module<Tensor, Tensor>)this[1]).call(x));
    }

    private sealed class Named(params Module<Tensor, Tensor>[] modules) : Sequential(modules);
}
