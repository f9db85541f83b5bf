[assembly: CollectionBehavior("GanPipeline.TestSupport.TensorScopes", "GanPipeline.Export.Tests")]
