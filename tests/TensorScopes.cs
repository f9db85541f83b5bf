using System.Reflection;
using TorchSharp;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace GanPipeline.TestSupport;

/// <summary>
/// Frees the tensors that a test made when it has ended; finalizers do not, see <see cref="TensorScopes"/>. Methods that return a task
/// change threads, and a scope belongs to one thread: they open their own.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TensorScopeAttribute : BeforeAfterTestAttribute
{
    [ThreadStatic]
    private static DisposeScope? _scope;

    public override void Before(MethodInfo methodUnderTest)
    {
        if (!typeof(Task).IsAssignableFrom(methodUnderTest.ReturnType)) _scope = torch.NewDisposeScope();
    }

    public override void After(MethodInfo methodUnderTest)
    {
        _scope?.Dispose();
        _scope = null;
    }
}

/// <summary>
/// Collections as xUnit's own, one for each class, whose tests run in scopes and whose process runs no finalizers. TorchSharp does not keep
/// an argument alive during a call: of <c>x.copy_(rand_like(x))</c> or <c>x * 2</c> the finalizer may free the random numbers, or the 2,
/// while libtorch reads them, when a test on another thread causes a garbage collection, and the operation fails or the process dies.
/// </summary>
public sealed class TensorScopes : IXunitTestCollectionFactory
{
    private readonly ITestAssembly _assembly;
    private readonly CollectionPerClassTestCollectionFactory _perClass;

    public TensorScopes(ITestAssembly assembly, IMessageSink sink)
    {
        _assembly = assembly;
        _perClass = new(assembly, sink);
        FinalizerPause.HoldForProcess();
    }

    public string DisplayName => "a collection for each class, with tensor scopes";

    public ITestCollection Get(ITypeInfo testClass)
    {
        var collection = _perClass.Get(testClass);
        return collection.CollectionDefinition is null
            ? new TestCollection(_assembly, Reflector.Wrap(typeof(Scoped)), collection.DisplayName)
            : collection;
    }

    [TensorScope]
    private sealed class Scoped;
}
