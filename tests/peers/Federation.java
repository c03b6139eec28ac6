import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import org.eclipse.rdf4j.federated.FedXFactory;
import org.eclipse.rdf4j.federated.repository.FedXRepository;
import org.eclipse.rdf4j.query.BooleanQuery;
import org.eclipse.rdf4j.query.GraphQuery;
import org.eclipse.rdf4j.query.Query;
import org.eclipse.rdf4j.query.QueryLanguage;
import org.eclipse.rdf4j.query.TupleQuery;
import org.eclipse.rdf4j.query.resultio.sparqljson.SPARQLBooleanJSONWriter;
import org.eclipse.rdf4j.query.resultio.sparqljson.SPARQLResultsJSONWriter;
import org.eclipse.rdf4j.repository.RepositoryConnection;
import org.eclipse.rdf4j.rio.ntriples.NTriplesWriter;

/** A SPARQL endpoint over several others, which FedX federates. Arguments: a port, and the addresses of the others. */
public class Federation {
    public static void main(String[] arguments) throws Exception {
        List<String> endpoints = new ArrayList<>(List.of(arguments));
        int port = Integer.parseInt(endpoints.remove(0));
        FedXRepository federation = FedXFactory.createSparqlFederation(endpoints);
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.createContext("/sparql", exchange -> {
            String type = "text/plain";
            int status = 200;
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (InputStream in = exchange.getRequestBody(); RepositoryConnection connection = federation.getConnection()) {
                String form = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                String text = URLDecoder.decode(form.substring("query=".length()), StandardCharsets.UTF_8);
                Query query = connection.prepareQuery(QueryLanguage.SPARQL, text);
                if (query instanceof TupleQuery) {
                    type = "application/sparql-results+json";
                    ((TupleQuery) query).evaluate(new SPARQLResultsJSONWriter(out));
                } else if (query instanceof BooleanQuery) {
                    type = "application/sparql-results+json";
                    new SPARQLBooleanJSONWriter(out).handleBoolean(((BooleanQuery) query).evaluate());
                } else {
                    type = "application/n-triples";
                    ((GraphQuery) query).evaluate(new NTriplesWriter(out));
                }
            } catch (Exception error) {
                status = 500;
                type = "text/plain";
                out.reset();
                out.writeBytes(String.valueOf(error).getBytes(StandardCharsets.UTF_8));
                error.printStackTrace();
            }
            exchange.getResponseHeaders().set("Content-Type", type);
            byte[] bytes = out.toByteArray();
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }
}
